#include "http_socket.h"

#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>

int http_socket_init(uv_loop_t *loop, http_socket_t *socket,
                     uv_handle_type type) {
  switch (type) {
  case UV_TCP:
    return async_uv_tcp_init(loop, &socket->tcp);
  case UV_NAMED_PIPE:
    return async_uv_pipe_init(loop, &socket->pipe, 0);
  default:
    return UV_EINVAL;
  }
}

int http_socket_open(http_socket_t *socket, uv_os_sock_t sock) {
  return socket->handle.type == UV_TCP
             ? async_uv_tcp_open(&socket->tcp, sock)
             : async_uv_pipe_open(&socket->pipe, sock);
}

int http_socket_peer(const http_socket_t *socket,
                     struct sockaddr_storage *ret_peer) {
  int size = sizeof(*ret_peer);

  if (socket->handle.type == UV_TCP)
    return async_uv_tcp_getpeername(&socket->tcp, (struct sockaddr *)ret_peer,
                                    &size);
  memset(ret_peer, 0, sizeof(*ret_peer));
  ret_peer->ss_family = AF_UNIX;
  return 0;
}

/* What the kernel answers to `question`; 0 where it does not. */
static size_t bytes_in_kernel(const http_socket_t *socket,
                              unsigned long question) {
  uv_os_fd_t fd;
  int bytes = 0;

  if (uv_fileno((const uv_handle_t *)&socket->handle, &fd) != 0 ||
      ioctl(fd, question, &bytes) != 0 || bytes < 0)
    return 0;
  return (size_t)bytes;
}

size_t http_socket_unsent_bytes(const http_socket_t *socket) {
  return bytes_in_kernel(socket, SIOCOUTQ);
}

bool http_socket_has_unread(const http_socket_t *socket) {
  return bytes_in_kernel(socket, SIOCINQ) > 0;
}
