/* The address to listen on. */
#ifndef ASYNCSCOPE_SERVER_ADDRESS_H
#define ASYNCSCOPE_SERVER_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

/* "[" and 255 bytes and "]:65535" */
#define APP_AUTHORITY_BYTES 272

/* Resolves `host`, waiting for it. Errors: UV_EAI_*. */
int app_address_resolve(const char *host, unsigned port,
                        struct sockaddr_storage *ret_address);

unsigned app_address_port(const struct sockaddr_storage *address);

/* HOST:PORT as a URL has it, an IPv6 address in brackets. */
void app_address_format(const char *host, unsigned port,
                        char ret_text[APP_AUTHORITY_BYTES]);

#endif
