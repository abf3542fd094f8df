/* The first socket of a shared port is bound without SO_REUSEPORT, which fails
 * when anybody else has the port, and is given it before it listens. So there
 * is no moment in which somebody else could slip in, and no process but ours
 * (the kernel asks for the same user) joins by accident. */
#include "http_bind.h"

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

static int set_flag(int sock, int option) {
  int on = 1;

  return setsockopt(sock, SOL_SOCKET, option, &on, sizeof(on)) == 0 ? 0
                                                                    : -errno;
}

static socklen_t length_of(const struct sockaddr *address) {
  return address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                        : sizeof(struct sockaddr_in);
}

static int bind_socket(int sock, const struct sockaddr *address,
                       http_bind_mode_t mode) {
  int error = set_flag(sock, SO_REUSEADDR);

  if (error == 0 && mode == HTTP_BIND_SHARED)
    error = set_flag(sock, SO_REUSEPORT);
  if (error == 0 && bind(sock, address, length_of(address)) != 0)
    error = -errno;
  if (error == 0 && mode == HTTP_BIND_FIRST)
    error = set_flag(sock, SO_REUSEPORT);
  return error;
}

int http_bind(const struct sockaddr *address, http_bind_mode_t mode,
              uv_os_sock_t *ret_sock) {
  int sock =
      socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int error;

  if (sock < 0)
    return -errno;
  error = bind_socket(sock, address, mode);
  if (error != 0) {
    close(sock);
    return error;
  }
  *ret_sock = sock;
  return 0;
}

int http_bound_address(uv_os_sock_t sock,
                       struct sockaddr_storage *ret_address) {
  socklen_t size = sizeof(*ret_address);

  return getsockname(sock, (struct sockaddr *)ret_address, &size) == 0 ? 0
                                                                       : -errno;
}

void http_unbind(uv_os_sock_t sock) {
  close(sock);
}
