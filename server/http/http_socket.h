/* The libuv handle of a listener or a connection: TCP, or a unix socket. */
#ifndef ASYNCSCOPE_SERVER_HTTP_SOCKET_H
#define ASYNCSCOPE_SERVER_HTTP_SOCKET_H

#include "asyncscope/async_uv.h"
#include <stdbool.h>
#include <sys/socket.h>
#include <uv.h>

typedef union http_socket_u {
  async_uv_handle_t handle;
  async_uv_stream_t stream;
  async_uv_tcp_t tcp;
  async_uv_pipe_t pipe;
} http_socket_t;

/* `type` is UV_TCP or UV_NAMED_PIPE, which is what libuv calls a unix socket.
 * Errors: UV_EINVAL, and those of async_uv_tcp_init(), async_uv_pipe_init(). */
int http_socket_init(uv_loop_t *loop, http_socket_t *socket,
                     uv_handle_type type);

/* `sock` passes to the handle on success. Errors: what libuv answers. */
int http_socket_open(http_socket_t *socket, uv_os_sock_t sock);

/* The other side's address; of a unix socket nothing but its family. Errors:
 * those of uv_tcp_getpeername(). */
int http_socket_peer(const http_socket_t *socket,
                     struct sockaddr_storage *ret_peer);

/* What the kernel holds for the other side, which has not acknowledged it; 0
 * where it does not tell. */
size_t http_socket_unsent_bytes(const http_socket_t *socket);

/* Whether bytes of the other side wait in the kernel to be read. */
bool http_socket_has_unread(const http_socket_t *socket);

#endif
