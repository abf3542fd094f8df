#include "healthcheck.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
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

static const char request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                              "Connection: close\r\n\r\n";

/* How many bytes came; fewer than `size`, and the server has ended. */
static ssize_t ask_plainly(int sock, char *ret_answer, size_t size) {
  size_t at = 0;
  ssize_t got = 1;

  if (send(sock, request, sizeof(request) - 1, MSG_NOSIGNAL) !=
      (ssize_t)(sizeof(request) - 1))
    return -errno;
  while (at < size && got > 0) {
    got = recv(sock, ret_answer + at, size - at, 0);
    if (got < 0)
      return errno == EAGAIN ? UV_ETIMEDOUT : -errno;
    at += (size_t)got;
  }
  return (ssize_t)at;
}

/* The first bytes of the answer are all that is needed. */
static int ask_status(int sock, bool tls) {
  static const char wanted[] = "HTTP/1.1 200 ";
  char answer[sizeof(wanted) - 1] = "";
  ssize_t size = tls ? tls_client_ask(sock, request, answer, sizeof(answer))
                     : ask_plainly(sock, answer, sizeof(answer));

  if (size < 0)
    return (int)size;
  if (size < (ssize_t)sizeof(answer))
    return UV_EOF;
  return memcmp(answer, wanted, sizeof(answer)) == 0 ? 0 : UV_EPROTO;
}

static int ask(int sock, const struct sockaddr_storage *address, bool tls) {
  socklen_t size = address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                  : sizeof(struct sockaddr_in);
  int error = set_timeouts(sock);

  if (error != 0)
    return error;
  if (connect(sock, (const struct sockaddr *)address, size) != 0)
    return errno == EINPROGRESS ? UV_ETIMEDOUT : -errno;
  return ask_status(sock, tls);
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
  signal(SIGPIPE, SIG_IGN);
  error = ask(sock, &address, options->tls.cert != NULL);
  close(sock);
  return error;
}
