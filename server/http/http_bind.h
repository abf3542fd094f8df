/* A listening address, held before any loop serves it. */
#ifndef ASYNCSCOPE_SERVER_HTTP_BIND_H
#define ASYNCSCOPE_SERVER_HTTP_BIND_H

#include <stdbool.h>
#include <sys/socket.h>
#include <uv.h>

typedef enum http_bind_mode_e {
  HTTP_BIND_ALONE, /* nobody else may have the port */
  HTTP_BIND_FIRST, /* nobody else has it; those with _SHARED may join */
  HTTP_BIND_SHARED
} http_bind_mode_t;

/* Makes a socket bound to `address`. Errors: UV_EADDRINUSE and what socket()
 * and bind() answer. Thread: any. */
int http_bind(const struct sockaddr *address, http_bind_mode_t mode,
              uv_os_sock_t *ret_sock);

/* The address with the port that was taken for port 0. */
int http_bound_address(uv_os_sock_t sock, struct sockaddr_storage *ret_address);

void http_unbind(uv_os_sock_t sock);

#endif
