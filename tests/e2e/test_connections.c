#include "debug_snapshot.h"

#include "raw_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET_HELLO "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define GET_LAST \
  "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

/* Sends `bytes` in one write on a connection of its own and answers all that
 * comes until the server ends it. To be freed. */
static char *exchange(e2e_t *e2e, const char *bytes) {
  char *answer = malloc((1u << 20) + 1);
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  int error = raw_socket_write(fd, bytes, strlen(bytes));
  long length = raw_socket_read_all(fd, answer, 1u << 20);
  close(fd);
  assert_int_equal(error, 0);
  assert_true(length >= 0);
  return answer;
}

/* The status of the only answer to `bytes`. */
static void assert_status(e2e_t *e2e, const char *bytes, const char *status) {
  char *answer = exchange(e2e, bytes);
  char start[32];
  snprintf(start, sizeof(start), "HTTP/1.1 %s ", status);
  if (strncmp(answer, start, strlen(start)) != 0) {
    fail_msg("\"%s\" for \"%s\"", answer, bytes);
  }
  assert_null(strstr(answer, "\nHTTP/1.1 "));
  free(answer);
}

static void requests_of_one_connection_have_ids_of_their_own(void **state) {
  static const char flow[] = "/flow?path=file";
  e2e_t *e2e = *state;
  char request_id[64];
  e2e_write_file(e2e, "file", "1", 1);
  e2e_start(e2e, "--root", e2e->directory);
  json_t *first = json_array_get(e2e_get_json(e2e, flow), 0);
  json_int_t async_id = e2e_integer(first, "asyncId");
  json_int_t connection = e2e_integer(first, "triggerAsyncId");
  snprintf(request_id, sizeof(request_id), "%s",
           e2e_string(first, "requestId"));
  json_t *second = json_array_get(e2e_get_json(e2e, flow), 0);
  assert_int_equal(e2e->answer.new_connections, 0);
  assert_true(e2e_integer(second, "asyncId") > async_id);
  assert_int_equal(e2e_integer(second, "triggerAsyncId"), connection);
  assert_string_not_equal(e2e_string(second, "requestId"), request_id);
}

static void a_request_is_triggered_by_its_connection(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  json_t *debug = e2e_get_json(e2e, "/debug?internal=1");
  json_t *request = debug_find(debug, "HTTPINCOMINGMESSAGE", NULL);
  json_t *connection = debug_resource(debug, e2e_string(request, "trigger"));
  assert_string_equal(e2e_string(connection, "type"), "TCPWRAP");
  json_t *listener = debug_resource(debug, e2e_string(connection, "trigger"));
  assert_string_equal(e2e_string(listener, "type"), "TCPSERVERWRAP");
}

static void a_request_sees_nothing_of_the_one_before(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--root", getenv("ASYNCSCOPE_SOURCE_DIR"));
  e2e_get(e2e, 200, "/flow?ms=1&a=1&b=2");
  e2e_get(e2e, 200, "/file?path=README.md");
  debug_assert_quiet(e2e, 1);
}

/* The first takes the longest, so that order is not an accident of speed. */
static void pipelined_requests_are_answered_in_order(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  char *answer =
      exchange(e2e, "GET /timer?ms=50 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                    "Content-Length: 6\r\n\r\nsecond"
                    "GET /sum?a=300&b=33 HTTP/1.1\r\nHost: localhost\r\n"
                    "Connection: close\r\n\r\n");
  const char *timer = strstr(answer, "HTTP/1.1 200");
  const char *echo = strstr(answer, "second");
  const char *sum = strstr(answer, "\"sum\":333"); /* no part of a trace id */
  assert_non_null(timer);
  assert_non_null(echo);
  assert_non_null(sum);
  assert_true(timer < echo && echo < sum);
  free(answer);
}

static void pipelined_requests_keep_their_own_contexts(void **state) {
  e2e_t *e2e = *state;
  char *answer = NULL;
  char needle[64];
  e2e_start(e2e, "--root", getenv("ASYNCSCOPE_SOURCE_DIR"));
  answer = exchange(e2e, "GET /flow?ms=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                         "GET /flow?ms=1 HTTP/1.1\r\nHost: localhost\r\n"
                         "Connection: close\r\n\r\n");
  const char *first = strstr(answer, "\"requestId\"");
  assert_non_null(first);
  snprintf(needle, sizeof(needle), "%.*s", (int)strcspn(first, ",}\n"), first);
  const char *second = strstr(first, "HTTP/1.1 200");
  assert_non_null(second);
  assert_null(strstr(second, needle));
  free(answer);
}

static void a_hundred_pipelined_requests_get_a_hundred_answers(void **state) {
  e2e_t *e2e = *state;
  size_t count = 0;
  char *requests = calloc(1, 100 * sizeof(GET_LAST));
  assert_non_null(requests);
  for (size_t i = 0; i < 99; i++) {
    memcpy(requests + strlen(requests), GET_HELLO, sizeof(GET_HELLO));
  }
  memcpy(requests + strlen(requests), GET_LAST, sizeof(GET_LAST));
  e2e_start(e2e, NULL);
  char *answer = exchange(e2e, requests);
  for (const char *at = answer; (at = strstr(at, "HTTP/1.1 200")); at++) {
    count++;
  }
  free(answer);
  free(requests);
  assert_int_equal(count, 100);
}

static void a_request_may_come_byte_by_byte(void **state) {
  e2e_t *e2e = *state;
  char answer[4097];
  long length = 0;
  e2e_start(e2e, NULL);
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  for (const char *at = GET_LAST; *at != '\0'; at++) {
    length |= raw_socket_write(fd, at, 1);
  }
  length |= raw_socket_read_all(fd, answer, sizeof(answer) - 1);
  close(fd);
  assert_true(length > 0);
  e2e_assert_contains(answer, "HTTP/1.1 200 ");
}

static void connection_close_ends_the_connection(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  char *answer = exchange(e2e, GET_LAST GET_HELLO);
  e2e_assert_contains(answer, "Connection: close");
  assert_null(strstr(answer + 1, "HTTP/1.1"));
  free(answer);
}

static void http_1_0_is_answered_and_closed(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_status(e2e, "GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n", "200");
}

static void what_is_no_http_gets_400(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_status(e2e, "HELLO\r\n\r\n", "400");
  assert_status(e2e, "GET /hello HTTP/1.1\r\nHost : x\r\n\r\n", "400");
  assert_status(e2e, "GET /hello HTTP/1.1\r\n: x\r\n\r\n", "400");
  assert_status(e2e, "GET /\x1b[31m HTTP/1.1\r\nHost: x\r\n\r\n", "400");
}

static void a_request_without_one_host_gets_400(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_status(e2e, "GET /hello HTTP/1.1\r\n\r\n", "400");
  assert_status(e2e, "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "400");
}

static void two_framings_of_one_body_get_400(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_status(e2e,
                "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                "0\r\n\r\n",
                "400");
}

static void a_header_of_17_kibibytes_gets_431(void **state) {
  e2e_t *e2e = *state;
  char *request = calloc(1, 18u << 10);
  assert_non_null(request);
  snprintf(request, 64, "GET /hello HTTP/1.1\r\nHost: localhost\r\nX: ");
  memset(request + strlen(request), 'x', 17u << 10);
  memcpy(request + strlen(request), "\r\n\r\n", 4);
  e2e_start(e2e, NULL);
  assert_status(e2e, request, "431");
  free(request);
}

static void a_client_that_leaves_in_its_header_leaves_nothing(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  int error = raw_socket_write(fd, GET_HELLO, 12);
  close(fd);
  assert_int_equal(error, 0);
  debug_assert_quiet(e2e, 1);
}

static void a_client_that_leaves_in_its_body_leaves_nothing(void **state) {
  e2e_t *e2e = *state;
  static const char start[] = "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 1000\r\n\r\nbegun";
  e2e_start(e2e, NULL);
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  int error = raw_socket_write(fd, start, sizeof(start) - 1);
  close(fd);
  assert_int_equal(error, 0);
  debug_assert_quiet(e2e, 1);
}

/* An end of the peer's side is all that a server sees of a client that hangs
 * up: what runs for it is ended, and not first when its timer fires. */
static void a_client_that_stops_sending_is_taken_for_gone(void **state) {
  e2e_t *e2e = *state;
  static const char request[] =
      "GET /timer?ms=20000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
  char answer[4097];
  e2e_start(e2e, NULL);
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  int error = raw_socket_write(fd, request, sizeof(request) - 1);
  shutdown(fd, SHUT_WR);
  long length = raw_socket_read_all(fd, answer, sizeof(answer) - 1);
  close(fd);
  assert_int_equal(error, 0);
  assert_int_equal(length, 0);
  debug_assert_quiet(e2e, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(
          requests_of_one_connection_have_ids_of_their_own),
      cmocka_unit_test_of_server(a_request_is_triggered_by_its_connection),
      cmocka_unit_test_of_server(a_request_sees_nothing_of_the_one_before),
      cmocka_unit_test_of_server(pipelined_requests_are_answered_in_order),
      cmocka_unit_test_of_server(pipelined_requests_keep_their_own_contexts),
      cmocka_unit_test_of_server(
          a_hundred_pipelined_requests_get_a_hundred_answers),
      cmocka_unit_test_of_server(a_request_may_come_byte_by_byte),
      cmocka_unit_test_of_server(connection_close_ends_the_connection),
      cmocka_unit_test_of_server(http_1_0_is_answered_and_closed),
      cmocka_unit_test_of_server(what_is_no_http_gets_400),
      cmocka_unit_test_of_server(a_request_without_one_host_gets_400),
      cmocka_unit_test_of_server(two_framings_of_one_body_get_400),
      cmocka_unit_test_of_server(a_header_of_17_kibibytes_gets_431),
      cmocka_unit_test_of_server(
          a_client_that_leaves_in_its_header_leaves_nothing),
      cmocka_unit_test_of_server(
          a_client_that_leaves_in_its_body_leaves_nothing),
      cmocka_unit_test_of_server(a_client_that_stops_sending_is_taken_for_gone),
  };
  return test_main(tests, argc, argv);
}
