/*
 * Clients that take their time. How long each takes is the server's to decide:
 * a drip goes on until it has had an answer, or the connection ends.
 */
#include "debug_snapshot.h"

#include "e2e_raw.h"
#include "raw_socket.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DRIP_MS 20
#define POST    "POST /echo HTTP/1.1\r\nHost: localhost\r\n"

static bool is_readable(int fd, int wait_ms) {
  struct pollfd entry = {.fd = fd, .events = POLLIN};
  return poll(&entry, 1, wait_ms) != 0;
}

/* Sends `start` and then `drop` again and again, until the server has something
 * to say; it must be an answer of this status, and then the end. */
static void drip(const e2e_t *e2e, const char *start, const char *drop,
                 const char *status) {
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, start);
  while (!is_readable(fd, DRIP_MS)) {
    raw_socket_write(fd, drop, strlen(drop));
  }
  char *answer = e2e_raw_rest(fd);
  close(fd);
  e2e_raw_assert_status(answer, status);
  free(answer);
}

static void start(e2e_t *e2e) {
  e2e_start(e2e, "--header-timeout", "1", "--request-timeout", "1",
            "--write-timeout", "1", "--keep-alive-timeout", "1");
}

static void a_drip_of_a_target_ends(void **state) {
  start(*state);
  drip(*state, "GET /", "x", "408");
}

static void a_drip_of_a_field_ends(void **state) {
  start(*state);
  drip(*state, "GET /hello HTTP/1.1\r\nHost: localhost\r\nX: ", "x", "408");
}

static void a_drip_of_fields_ends(void **state) {
  start(*state);
  drip(*state, "GET /hello HTTP/1.1\r\nHost: localhost\r\n", "X: y\r\n", "408");
}

static void a_drip_of_a_body_ends(void **state) {
  start(*state);
  drip(*state, POST "Content-Length: 100000\r\n\r\n", "x", "408");
}

static void a_drip_of_a_body_nobody_reads_ends(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  drip(e2e, "PUT /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n",
       "x", "405");
  debug_assert_quiet(e2e, 1);
}

static void a_drip_of_chunks_ends(void **state) {
  start(*state);
  drip(*state, POST "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", "408");
}

static void a_drip_of_a_chunks_size_ends(void **state) {
  start(*state);
  drip(*state, POST "Transfer-Encoding: chunked\r\n\r\n", "0", "408");
}

static void a_drip_of_extensions_ends(void **state) {
  start(*state);
  drip(*state, POST "Transfer-Encoding: chunked\r\n\r\n1;", "x", "408");
}

static void a_drip_of_trailers_ends(void **state) {
  start(*state);
  drip(*state, POST "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n",
       "408");
}

/* Nothing of it is a request, so nothing is answered. */
static void a_drip_of_empty_lines_ends(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  int fd = e2e_raw_open(e2e);
  while (!is_readable(fd, DRIP_MS)) {
    raw_socket_write(fd, "\r\n", 2);
  }
  close(fd);
  debug_assert_quiet(e2e, 1);
}

static void silence_ends(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  char *answer = e2e_raw_exchange(e2e, "");
  assert_string_equal(answer, "");
  free(answer);
}

static void a_half_closed_connection_ends(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, "GET /timer?ms=20000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  shutdown(fd, SHUT_WR);
  char *answer = e2e_raw_rest(fd);
  close(fd);
  assert_string_equal(answer, "");
  free(answer);
  debug_assert_quiet(e2e, 1);
}

/* A connection whose receive buffer is as small as can be. */
static int open_narrow(const e2e_t *e2e) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(e2e->server.port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int least = 1;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least));
  assert_int_equal(
      connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
  return fd;
}

static void start_with_file(e2e_t *e2e, size_t length) {
  char *bytes = calloc(1, length);
  assert_non_null(bytes);
  e2e_write_file(e2e, "large", bytes, length);
  free(bytes);
  e2e_start(e2e, "--write-timeout", "1", "--root", e2e->directory);
}

#define GET_LARGE "GET /file?path=large HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* Each byte is progress, and yet it is cut off: it would take for ever. */
static void a_reader_of_a_byte_at_a_time_is_cut_off(void **state) {
  e2e_t *e2e = *state;
  char byte;
  long got = 1;
  start_with_file(e2e, 16u << 20);
  int fd = open_narrow(e2e);
  e2e_raw_send(fd, GET_LARGE);
  for (size_t read = 0; got == 1 && read < (1u << 20); read++) {
    assert_true(is_readable(fd, RAW_SOCKET_DEADLINE_MS));
    got = recv(fd, &byte, 1, 0);
    poll(NULL, 0, DRIP_MS);
    if (read % 100 == 99) {
      json_t *debug = debug_capture(e2e);
      got = debug_count(debug, "TCPWRAP") > 1;
    }
  }
  close(fd);
  assert_true(got < 1);
  debug_assert_quiet(e2e, 1);
}

/* Slower than the server could, but it goes on: it gets all of it, though it
 * takes longer than the timeout. */
static void a_slow_reader_gets_all_of_it(void **state) {
  e2e_t *e2e = *state;
  size_t length = 2u << 20, total = 0;
  char *bytes = malloc(32768);
  long got = 1;
  assert_non_null(bytes);
  start_with_file(e2e, length);
  int fd = open_narrow(e2e);
  e2e_raw_send(fd, "GET /file?path=large HTTP/1.1\r\nHost: localhost\r\n"
                   "Connection: close\r\n\r\n");
  while (got > 0) {
    assert_true(is_readable(fd, RAW_SOCKET_DEADLINE_MS));
    got = recv(fd, bytes, 32768, 0);
    total += got > 0 ? (size_t)got : 0;
    poll(NULL, 0, 2);
  }
  free(bytes);
  close(fd);
  assert_true(total > length);
}

#define CROWD    1000
#define REQUESTS 1000

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare_times(const void *left, const void *right) {
  double one = *(const double *)left, other = *(const double *)right;
  return (one > other) - (one < other);
}

static void open_crowd(const e2e_t *e2e, int *fds, size_t count) {
  struct rlimit files;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
  for (size_t i = 0; i < count; i++) {
    fds[i] = e2e_raw_open(e2e);
    e2e_raw_send(fds[i], i % 2 == 0
                             ? "GET /hello HTTP/1.1\r\nHost: localhost\r\nX: "
                             : POST "Content-Length: 100000\r\n\r\n");
  }
}

/* Every tenth of the crowd sends a byte before each request. */
static void measure(e2e_t *e2e, const int *fds, size_t count, double *times) {
  for (size_t i = 0; i < REQUESTS; i++) {
    for (size_t at = i % 10; at < count; at += 10) {
      raw_socket_write(fds[at], "x", 1);
    }
    double begin = now_ms();
    e2e_get(e2e, 200, "/flow?ms=0&path=file");
    times[i] = now_ms() - begin;
  }
}

static void a_crowd_of_slow_clients_slows_nobody_down(void **state) {
  e2e_t *e2e = *state;
  static double times[REQUESTS];
  static int fds[CROWD];
  e2e_write_file(e2e, "file", "text", 4);
  e2e_start(e2e, "--loops", "2", "--header-timeout", "60", "--request-timeout",
            "60", "--root", e2e_directory(e2e));
  open_crowd(e2e, fds, CROWD);
  measure(e2e, fds, CROWD, times);
  size_t held = 0;
  for (size_t i = 0; i < CROWD; i++) {
    held += !is_readable(fds[i], 0);
    close(fds[i]);
  }
  qsort(times, REQUESTS, sizeof(times[0]), compare_times);
  print_message("%d slow clients: median %.2f ms, p99 %.2f ms, most %.2f ms\n",
                CROWD, times[REQUESTS / 2], times[REQUESTS * 99 / 100],
                times[REQUESTS - 1]);
  assert_int_equal(held, CROWD);
  assert_true(times[REQUESTS * 99 / 100] < 250);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_drip_of_a_target_ends),
      cmocka_unit_test_of_server(a_drip_of_a_field_ends),
      cmocka_unit_test_of_server(a_drip_of_fields_ends),
      cmocka_unit_test_of_server(a_drip_of_a_body_ends),
      cmocka_unit_test_of_server(a_drip_of_a_body_nobody_reads_ends),
      cmocka_unit_test_of_server(a_drip_of_chunks_ends),
      cmocka_unit_test_of_server(a_drip_of_a_chunks_size_ends),
      cmocka_unit_test_of_server(a_drip_of_extensions_ends),
      cmocka_unit_test_of_server(a_drip_of_trailers_ends),
      cmocka_unit_test_of_server(a_drip_of_empty_lines_ends),
      cmocka_unit_test_of_server(silence_ends),
      cmocka_unit_test_of_server(a_half_closed_connection_ends),
      cmocka_unit_test_of_server(a_reader_of_a_byte_at_a_time_is_cut_off),
      cmocka_unit_test_of_server(a_slow_reader_gets_all_of_it),
      cmocka_unit_test_of_server(a_crowd_of_slow_clients_slows_nobody_down),
  };
  return test_main(tests, argc, argv);
}
