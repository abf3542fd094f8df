#include "healthcheck.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

/* A server that listens everywhere is asked on the loopback. */
static http_address_t reachable(http_address_t address) {
  if (strcmp(address.host, "0.0.0.0") == 0)
    snprintf(address.host, sizeof(address.host), "127.0.0.1");
  else if (strcmp(address.host, "::") == 0)
    snprintf(address.host, sizeof(address.host), "::1");
  return address;
}

static int set_timeouts(int sock) {
  struct timeval patience = {.tv_sec = 2};

  if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) !=
          0 ||
      setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) !=
          0)
    return -errno;
  return 0;
}

/* The first bytes of the answer are all that is needed. */
static int read_status(int sock) {
  static const char wanted[] = "HTTP/1.1 200 ";
  char answer[sizeof(wanted) - 1] = "";
  size_t size = 0;

  while (size < sizeof(answer)) {
    ssize_t got = recv(sock, answer + size, sizeof(answer) - size, 0);

    if (got <= 0)
      return got == 0 ? UV_EOF : errno == EAGAIN ? UV_ETIMEDOUT : -errno;
    size += (size_t)got;
  }
  return memcmp(answer, wanted, sizeof(answer)) == 0 ? 0 : UV_EPROTO;
}

static int ask(int sock, const struct sockaddr_storage *address) {
  static const char request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                                "Connection: close\r\n\r\n";
  socklen_t size = address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                  : sizeof(struct sockaddr_in);
  int error = set_timeouts(sock);

  if (error != 0)
    return error;
  if (connect(sock, (const struct sockaddr *)address, size) != 0 ||
      send(sock, request, sizeof(request) - 1, MSG_NOSIGNAL) !=
          (ssize_t)(sizeof(request) - 1))
    return errno == EINPROGRESS ? UV_ETIMEDOUT : -errno;
  return read_status(sock);
}

int app_healthcheck(const app_options_t *options) {
  struct sockaddr_storage address;
  const http_address_t reached = reachable(options->listen);
  int error = http_address_resolve(&reached, &address);
  int sock;

  if (error != 0)
    return error;
  sock = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (sock < 0)
    return -errno;
  error = ask(sock, &address);
  close(sock);
  return error;
}
