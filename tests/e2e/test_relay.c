/*
 * What the server asks of another one while it is ending. The other one is the
 * test, which answers when it likes.
 */
#include "deadline.h"
#include "e2e_life.h"
#include "e2e_raw.h"
#include "raw_socket.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RELAY "GET /relay HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define ANSWER                                                      \
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " \
  "5\r\n\r\nlate\n"

typedef struct other_s {
  int listening_fd;
  int fd; /* of the one connection to it */
} other_t;

/* A server whose /relay asks `other`. */
static void start(e2e_t *e2e, other_t *ret_other, const char *drain_timeout) {
  uint16_t port = 0;
  char url[64];
  *ret_other = (other_t){.listening_fd = raw_socket_listen(&port), .fd = -1};
  assert_true(ret_other->listening_fd >= 0);
  snprintf(url, sizeof(url), "http://127.0.0.1:%u/", (unsigned)port);
  e2e_start(e2e, "--relay", url, "--drain-timeout", drain_timeout);
}

/* Returns when the other one has the request, and owes the answer. */
static int begin_relay(const e2e_t *e2e, other_t *other) {
  char request[4097];
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, RELAY);
  assert_int_equal(deadline_poll(deadline_in(RAW_SOCKET_DEADLINE_MS),
                                 other->listening_fd, POLLIN),
                   0);
  other->fd = accept(other->listening_fd, NULL, NULL);
  assert_true(other->fd >= 0);
  assert_true(raw_socket_read_until(other->fd, "\r\n\r\n", 1, request, 4096) >
              0);
  return fd;
}

static void what_another_server_owes_at_the_end_is_waited_for(void **state) {
  e2e_t *e2e = *state;
  other_t other;
  start(e2e, &other, "3600");
  int asking = begin_relay(e2e, &other);
  int idle = e2e_open_idle(e2e);
  e2e_signal(e2e, SIGTERM);
  e2e_await_end(idle);
  e2e_raw_send(other.fd, ANSWER);
  char *answer = e2e_raw_rest(asking);
  e2e_raw_assert_status(answer, "200");
  e2e_assert_contains(answer, "\r\n\r\nlate\n");
  free(answer);
  assert_int_equal(e2e_exit_code(e2e), 0);
  e2e_await_end(other.fd);
  close(asking);
  close(other.listening_fd);
}

static void another_server_that_owes_too_long_keeps_nobody(void **state) {
  e2e_t *e2e = *state;
  other_t other;
  start(e2e, &other, "0.2");
  int asking = begin_relay(e2e, &other);
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 3);
  e2e_await_end(asking);
  e2e_await_end(other.fd);
  close(other.listening_fd);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(
          what_another_server_owes_at_the_end_is_waited_for),
      cmocka_unit_test_of_server(
          another_server_that_owes_too_long_keeps_nobody),
  };
  return test_main(tests, argc, argv);
}
