/* The address to listen on: HOST:PORT, an IPv6 address in brackets. */
#ifndef ASYNCSCOPE_SERVER_HTTP_ADDRESS_H
#define ASYNCSCOPE_SERVER_HTTP_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

#define HTTP_ADDRESS_HOST_BYTES 256
/* "[" and 255 bytes and "]:65535" */
#define HTTP_ADDRESS_TEXT_BYTES 272

typedef struct http_address_s {
  char host[HTTP_ADDRESS_HOST_BYTES]; /* without the brackets */
  unsigned port;                      /* 0: one that is free */
} http_address_t;

/* Errors: UV_EINVAL. */
int http_address_parse(const char *text, http_address_t *ret_address);

/* Looks the host up, waiting for it. Errors: UV_EAI_*. */
int http_address_resolve(const http_address_t *address,
                         struct sockaddr_storage *ret_sockaddr);

/* The port in what was resolved, or bound. */
unsigned http_address_port(const struct sockaddr_storage *sockaddr);

/* As a URL has it. */
void http_address_format(const http_address_t *address,
                         char ret_text[HTTP_ADDRESS_TEXT_BYTES]);

#endif
