/*
 * Every limit of --help, reached. The times are short so that nobody waits
 * long; what is asserted is what comes, never when.
 */
#include "debug_snapshot.h"

#include "e2e_raw.h"
#include "raw_socket.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define HELLO          "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define LATE           "GET /timer?ms=20000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define ECHO_10 \
  "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"

static void a_head_that_does_not_end_gets_408(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--header-timeout", "1");
  e2e_raw_expect(e2e, "GET /hello HTTP/1.1\r\nHost: local", "408");
}

static void a_connection_that_says_nothing_gets_nothing(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--header-timeout", "0.2");
  char *answer = e2e_raw_exchange(e2e, "");
  assert_string_equal(answer, "");
  free(answer);
}

static void a_body_that_does_not_end_gets_408(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--request-timeout", "0.2");
  e2e_raw_expect(e2e, ECHO_10 "12345", "408");
}

static void an_answer_that_does_not_come_is_503(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--handler-timeout", "5");
  e2e_raw_expect(e2e, LATE, "503");
  debug_assert_quiet(e2e, 1);
}

static void a_connection_that_is_idle_is_closed(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--keep-alive-timeout", "0.2");
  char *answer = e2e_raw_exchange(e2e, HELLO);
  e2e_raw_assert_status(answer, "200");
  assert_null(strstr(answer, "Connection: close"));
  free(answer);
}

/* More than the sockets of both sides hold. */
static void a_peer_that_reads_nothing_is_cut_off(void **state) {
  e2e_t *e2e = *state;
  size_t length = 32u << 20;
  char *bytes = calloc(1, length);
  assert_non_null(bytes);
  e2e_write_file(e2e, "large", bytes, length);
  free(bytes);
  e2e_start(e2e, "--write-timeout", "0.2", "--root", e2e->directory);
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, "GET /file?path=large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  debug_assert_quiet(e2e, 1);
  close(fd);
}

static void the_last_request_of_a_connection_is_told_so(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--max-requests", "2");
  char *answer = e2e_raw_exchange(e2e, HELLO HELLO HELLO);
  char *second = strstr(answer + 1, "HTTP/1.1 200");
  assert_non_null(second);
  e2e_assert_contains(second, "Connection: close\r\n");
  assert_null(strstr(second + 1, "HTTP/1.1 "));
  *second = '\0';
  assert_null(strstr(answer, "Connection: close\r\n"));
  free(answer);
}

/* The second is served when the first has gone, and not before: while it is
 * there, the first still gets answers. */
static void one_connection_more_waits_for_its_turn(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--max-connections", "1");
  int first = e2e_raw_open(e2e);
  e2e_raw_send(first, HELLO);
  e2e_raw_await(first, "200");
  int second = e2e_raw_open(e2e);
  e2e_raw_send(second, HELLO);
  e2e_raw_send(first, "GET /timer?ms=20 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  e2e_raw_await(first, "200");
  close(first);
  e2e_raw_await(second, "200");
  close(second);
}

/* A request that is `length` bytes longer than it need be, in front of `rest`.
 * To be freed. */
static char *long_request(const char *start, size_t length, const char *rest) {
  char *request = malloc(strlen(start) + length + strlen(rest) + 1);
  assert_non_null(request);
  memcpy(request, start, strlen(start));
  memset(request + strlen(start), 'x', length);
  memcpy(request + strlen(start) + length, rest, strlen(rest) + 1);
  return request;
}

static void assert_long(e2e_t *e2e, const char *start, size_t length,
                        const char *rest, const char *status) {
  char *request = long_request(start, length, rest);
  e2e_raw_expect(e2e, request, status);
  free(request);
}

#define LAST "Host: localhost\r\nConnection: close\r\n\r\n"

static void a_target_has_a_length(void **state) {
  e2e_t *e2e = *state;
  static const char rest[] = " HTTP/1.1\r\n" LAST;
  e2e_start(e2e, "--max-header-bytes", "9000");
  assert_long(e2e, "GET /", 8999, rest, "404");
  assert_long(e2e, "GET /", 9000, rest, "414");
}

static void a_header_section_has_a_length(void **state) {
  e2e_t *e2e = *state;
  static const char start[] = "GET /hello HTTP/1.1\r\nX: ";
  static const char rest[] = "\r\n" LAST;
  size_t beside = strlen("X: \r\n" LAST);
  e2e_start(e2e, "--max-header-bytes", "9000");
  assert_long(e2e, start, 9000 - beside, rest, "200");
  assert_long(e2e, start, 9001 - beside, rest, "431");
}

static void a_header_section_has_so_many_fields(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--max-header-fields", "3");
  e2e_raw_expect(e2e, "GET /hello HTTP/1.1\r\na: 1\r\n" LAST, "200");
  e2e_raw_expect(e2e, "GET /hello HTTP/1.1\r\na: 1\r\nb: 2\r\n" LAST, "431");
}

static void a_body_has_a_length(void **state) {
  e2e_t *e2e = *state;
  static const char start[] =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  char request[256];
  e2e_start(e2e, "--max-body-bytes", "5");
  snprintf(request, sizeof(request), "%sContent-Length: 5\r\n\r\n12345", start);
  e2e_raw_expect(e2e, request, "200");
  snprintf(request, sizeof(request), "%sContent-Length: 6\r\n\r\n", start);
  e2e_raw_expect(e2e, request, "413");
  snprintf(request, sizeof(request),
           "%sTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n3\r\n456\r\n",
           start);
  e2e_raw_expect(e2e, request, "413");
}

static void every_limit_has_its_variable(void **state) {
  e2e_t *e2e = *state;
  e2e_start_with(
      e2e, ARGUMENTS("--listen", "127.0.0.1:0"),
      ARGUMENTS(
          "ASYNCSCOPE_HEADER_TIMEOUT=1", "ASYNCSCOPE_REQUEST_TIMEOUT=0.2",
          "ASYNCSCOPE_HANDLER_TIMEOUT=0.2", "ASYNCSCOPE_KEEP_ALIVE_TIMEOUT=0.2",
          "ASYNCSCOPE_WRITE_TIMEOUT=0.2", "ASYNCSCOPE_MAX_REQUESTS=3",
          "ASYNCSCOPE_MAX_BODY_BYTES=10", "ASYNCSCOPE_DRAIN_TIMEOUT=0.2",
          "ASYNCSCOPE_MAX_HEADER_BYTES=9000", "ASYNCSCOPE_MAX_HEADER_FIELDS=3",
          "ASYNCSCOPE_MAX_CONNECTIONS=100", "ASYNCSCOPE_WORKER_QUEUE=100"));
  e2e_raw_expect(e2e, "GET /hello HT", "408");
  e2e_raw_expect(e2e, ECHO_10 "12345", "408");
  e2e_raw_expect(e2e, LATE, "503");
  e2e_raw_expect(e2e, HELLO, "200");
  e2e_raw_expect(e2e,
                 "POST /echo HTTP/1.1\r\nHost: a\r\n"
                 "Content-Length: 11\r\n\r\n",
                 "413");
  e2e_raw_expect(e2e, "GET / HTTP/1.1\r\na: 1\r\nb: 1\r\n" LAST, "431");
}

/* In this process and those it starts. */
static void limit_descriptors(rlim_t count) {
  struct rlimit limit = {.rlim_cur = count, .rlim_max = count};
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* How many a child has: the server's wrapper may keep some to itself, so a
 * shell is asked in the server's place. */
static unsigned childs_descriptors(void) {
  server_process_t shell;
  int code = -1;
  const char *server = getenv("ASYNCSCOPE_TEST_SERVER");
  char *before = server != NULL ? strdup(server) : NULL;
  setenv("ASYNCSCOPE_TEST_SERVER", "/bin/sh", 1);
  int error = server_process_spawn(&shell, ARGUMENTS("-c", "ulimit -n"), NULL);
  unsetenv("ASYNCSCOPE_TEST_SERVER");
  if (before != NULL) {
    setenv("ASYNCSCOPE_TEST_SERVER", before, 1);
  }
  free(before);
  assert_int_equal(error, 0);
  char *text = server_process_stdout(&shell);
  assert_int_equal(server_process_await_exit(&shell, &code), 0);
  server_process_finish(&shell);
  assert_non_null(text);
  unsigned count = (unsigned)strtoul(text, NULL, 10);
  free(text);
  return count;
}

/* Of 200 there are 128 for the connections of one loop. */
static void more_connections_than_descriptors_exit_1(void **state) {
  char *text = NULL, expected[64];
  limit_descriptors(200);
  unsigned kept = 200 - childs_descriptors();
  assert_in_range(kept, 0, 20);
  snprintf(expected, sizeof(expected),
           "500 connections, with descriptors for %u:", 128 - kept);
  int code = e2e_refused(*state, &text, "--max-connections", "500");
  e2e_assert_contains(text, expected);
  free(text);
  assert_int_equal(code, 1);
}

static void few_descriptors_are_enough_for_few_connections(void **state) {
  e2e_t *e2e = *state;
  limit_descriptors(80);
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/hello");
}

/* So few that a loop could not even be made, where libuv would abort; and as
 * many as the server takes for itself, where nobody would be answered. */
static void descriptors_for_no_connection_exit_1(void **state) {
  static const rlim_t too_few[] = {22, 8};
  limit_descriptors(200);
  unsigned kept = 200 - childs_descriptors();
  for (size_t i = 0; i < 2; i++) {
    char *text = NULL;
    limit_descriptors(too_few[i] + kept);
    int code = e2e_refused(*state, &text, "--listen", "127.0.0.1:0",
                           "--debug-listen", "127.0.0.1:0");
    e2e_assert_contains(text, "a connection with so few descriptors:");
    free(text);
    assert_int_equal(code, 1);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_head_that_does_not_end_gets_408),
      cmocka_unit_test_of_server(a_connection_that_says_nothing_gets_nothing),
      cmocka_unit_test_of_server(a_body_that_does_not_end_gets_408),
      cmocka_unit_test_of_server(an_answer_that_does_not_come_is_503),
      cmocka_unit_test_of_server(a_connection_that_is_idle_is_closed),
      cmocka_unit_test_of_server(a_peer_that_reads_nothing_is_cut_off),
      cmocka_unit_test_of_server(the_last_request_of_a_connection_is_told_so),
      cmocka_unit_test_of_server(one_connection_more_waits_for_its_turn),
      cmocka_unit_test_of_server(a_target_has_a_length),
      cmocka_unit_test_of_server(a_header_section_has_a_length),
      cmocka_unit_test_of_server(a_header_section_has_so_many_fields),
      cmocka_unit_test_of_server(a_body_has_a_length),
      cmocka_unit_test_of_server(every_limit_has_its_variable),
      cmocka_unit_test_of_server(more_connections_than_descriptors_exit_1),
      cmocka_unit_test_of_server(
          few_descriptors_are_enough_for_few_connections),
      cmocka_unit_test_of_server(descriptors_for_no_connection_exit_1),
  };
  return test_main(tests, argc, argv);
}
