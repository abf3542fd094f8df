/* The least a server can do: one read, one write, and no idea of HTTP but that
 * a request ends with an empty line. usage: bench_raw_epoll; prints its port.
 */
#include "bench_answer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char answers[BENCH_BATCH_MAX * (sizeof(BENCH_ANSWER) - 1)];

static int listen_on_any(void) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof(address);
  int fd = socket(AF_INET, SOCK_STREAM, 0);

  if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
      listen(fd, 1024) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &size) != 0)
    exit(1);
  printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void watch(int epoll_fd, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};

  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    exit(1);
}

static void take(int epoll_fd, int listener) {
  int one = 1;
  /* NULL: nobody asks who it is. */
  /* cppcheck-suppress nullPointer */
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);

  if (fd < 0)
    return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  watch(epoll_fd, fd);
}

/* Requests come whole: so bench_load sends them. */
static size_t count_requests(const char *at, const char *end) {
  size_t count = 0;

  while ((at = memchr(at, '\r', (size_t)(end - at))) != NULL && end - at >= 4) {
    bool ends = memcmp(at, "\r\n\r\n", 4) == 0;

    count += ends;
    at += ends ? 4 : 2;
  }
  return count;
}

static void serve(int fd) {
  static char bytes[65536];
  ssize_t got = read(fd, bytes, sizeof(bytes));
  size_t count;

  if (got <= 0) {
    close(fd);
    return;
  }
  count = count_requests(bytes, bytes + got);
  if (count > BENCH_BATCH_MAX ||
      write(fd, answers, count * (sizeof(BENCH_ANSWER) - 1)) < 0)
    close(fd);
}

int main(void) {
  int epoll_fd = epoll_create1(0);
  int listener = listen_on_any();
  struct epoll_event events[256];

  for (size_t i = 0; i < BENCH_BATCH_MAX; i++)
    memcpy(answers + i * (sizeof(BENCH_ANSWER) - 1), BENCH_ANSWER,
           sizeof(BENCH_ANSWER) - 1);
  watch(epoll_fd, listener);
  for (;;) {
    int count = epoll_wait(epoll_fd, events, 256, -1);

    for (int i = 0; i < count; i++) {
      if (events[i].data.fd == listener)
        take(epoll_fd, listener);
      else
        serve(events[i].data.fd);
    }
  }
}
