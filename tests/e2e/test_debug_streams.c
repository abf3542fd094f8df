/*
 * Answers without an end, on both ports: how many there may be, what they leave
 * room for, and how they end.
 */
#include "e2e.h"

#include "raw_socket.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* server/listener/debug_limits.h */
#define MAIN_EVENTS     2
#define LISTENER_EVENTS 16

#define HEAD_BYTES      4096
#define EVENTS_BYTES    (1024 * 1024)

static const char events[] =
    "GET /debug/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

/* A connection that has asked for events, and the status it was answered. */
static int ask(uint16_t port, long *ret_status) {
  char head[HEAD_BYTES + 1];
  int fd = raw_socket_connect(port);
  assert_true(fd >= 0);
  assert_int_equal(raw_socket_write(fd, events, sizeof(events) - 1), 0);
  /* Byte by byte, so that nothing behind the head is taken. */
  size_t length = 0;
  do {
    assert_true(length < HEAD_BYTES);
    assert_int_equal(raw_socket_read_all(fd, head + length, 1), 1);
    length++;
  } while (length < 4 || memcmp(head + length - 4, "\r\n\r\n", 4) != 0);
  head[length] = '\0';
  *ret_status = strtol(head + sizeof("HTTP/1.1"), NULL, 10);
  if (*ret_status == 503) {
    e2e_assert_contains(head, "\r\nRetry-After: 1\r\n");
  }
  return fd;
}

static void fill(uint16_t port, size_t count, int *ret_fds) {
  for (size_t i = 0; i < count; i++) {
    long status = 0;
    ret_fds[i] = ask(port, &status);
    assert_int_equal(status, 200);
  }
}

static void close_all(const int *fds, size_t count) {
  for (size_t i = 0; i < count; i++) {
    close(fds[i]);
  }
}

static void assert_full(uint16_t port) {
  long status = 0;
  close(ask(port, &status));
  assert_int_equal(status, 503);
}

/* Until the server has noticed that a reader left. */
static void await_room(uint16_t port) {
  long status = 503;
  while (status == 503) {
    close(ask(port, &status));
  }
  assert_int_equal(status, 200);
}

/* Nobody reads what comes. */
static void check_limit(e2e_t *e2e, uint16_t port, size_t max) {
  int fds[LISTENER_EVENTS] = {0};
  fill(port, max, fds);
  assert_full(port);
  e2e_get(e2e, 200, "/debug");
  close(fds[0]);
  await_room(port);
  close_all(fds + 1, max - 1);
}

static void the_listener_has_so_many_readers_of_events(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  check_limit(e2e, e2e->server.debug_port, LISTENER_EVENTS);
}

static void a_loop_has_so_many_readers_of_events(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  check_limit(e2e, e2e->server.port, MAIN_EVENTS);
  e2e_get(e2e, 200, "/hello");
}

/* What came is whole: it ends as a chunked body does. */
static void assert_ends_well(int fd, char *text) {
  long length = raw_socket_read_all(fd, text, EVENTS_BYTES);
  close(fd);
  assert_true(length >= 5);
  assert_string_equal(text + length - 5, "0\r\n\r\n");
}

static void events_end_with_the_server(void **state) {
  e2e_t *e2e = *state;
  char *text = malloc(EVENTS_BYTES + 1);
  long status = 0;
  int code = -1;
  assert_non_null(text);
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  int main_fd = ask(e2e->server.port, &status);
  assert_int_equal(status, 200);
  int listener_fd = ask(e2e->server.debug_port, &status);
  assert_int_equal(status, 200);
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  assert_ends_well(main_fd, text);
  assert_ends_well(listener_fd, text);
  free(text);
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
}

/* Of the listener's clients, and of the main port's on a drain that is not
 * held up by them. */
static void readers_that_left_are_forgotten(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  for (size_t i = 0; i < 3 * LISTENER_EVENTS; i++) {
    await_room(e2e->server.debug_port);
    await_room(e2e->server.port);
  }
  e2e_get(e2e, 200, "/debug");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(the_listener_has_so_many_readers_of_events),
      cmocka_unit_test_of_server(a_loop_has_so_many_readers_of_events),
      cmocka_unit_test_of_server(events_end_with_the_server),
      cmocka_unit_test_of_server(readers_that_left_are_forgotten),
  };
  return test_main(tests, argc, argv);
}
