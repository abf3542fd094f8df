/*
 * /debug/log of a running server: on both ports, of one request, as JSON and
 * as text.
 */
#include "e2e.h"

#include "raw_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_BYTES (1024 * 1024)

/* /flow reads a file. */
#define start_with_files(e2e, ...) \
  e2e_start((e2e), "--root", getenv("ASYNCSCOPE_SOURCE_DIR"), __VA_ARGS__)

/* What is no request has a line of its own, a warning. */
static void send_garbage(uint16_t port) {
  char text[1024];
  int fd = raw_socket_connect(port);
  assert_true(fd >= 0);
  assert_int_equal(raw_socket_write(fd, "garbage\r\n\r\n", 11), 0);
  assert_true(raw_socket_read_until(fd, "400", 1, text, sizeof(text) - 1) > 0);
  close(fd);
}

static const char *message_at(const json_t *lines, size_t index) {
  return e2e_string(json_array_get(lines, index), "message");
}

/* Every callback of a request, on whatever thread, also that of the pool. */
static void a_request_has_its_lines_wherever_they_were_written(void **state) {
  static const char *const hops[] = {"at request", "at timer", "at file",
                                     "at pool", "at answer"};
  e2e_t *e2e = *state;
  start_with_files(e2e, NULL);
  e2e_get(e2e, 200, "/hello");
  e2e_get(e2e, 200, "/flow");
  e2e_get(e2e, 200, "/hello");
  json_t *lines = e2e_array(
      e2e_get_json(e2e, "/debug/log?request=r2&format=json"), "lines");
  assert_int_equal(json_array_size(lines), 6);
  for (size_t i = 0; i < 5; i++) {
    const json_t *line = json_array_get(lines, i);
    assert_string_equal(message_at(lines, i), hops[i]);
    assert_string_equal(e2e_string(line, "level"), "debug");
    assert_string_equal(e2e_string(line, "requestId"), "r2");
    assert_string_equal(e2e_string(line, "traceId"),
                        e2e_string(json_array_get(lines, 5), "traceId"));
  }
  e2e_assert_contains(message_at(lines, 5), "r2 GET \"/flow\" 200 ");
  assert_int_not_equal(e2e_integer(json_array_get(lines, 0), "thread"),
                       e2e_integer(json_array_get(lines, 3), "thread"));
}

/* Asks on a connection of its own, and what comes until `text` has come. */
static int tail(uint16_t port, const char *target, const char *text,
                char *ret_bytes) {
  char request[256];
  int fd = raw_socket_connect(port);
  int size = snprintf(request, sizeof(request),
                      "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
  assert_true(fd >= 0);
  assert_int_equal(raw_socket_write(fd, request, (size_t)size), 0);
  assert_true(raw_socket_read_until(fd, text, 1, ret_bytes, TEXT_BYTES) > 0);
  return fd;
}

static void check_tail(e2e_t *e2e, uint16_t port) {
  char *text = malloc(TEXT_BYTES + 1);
  assert_non_null(text);
  int fd = tail(port, "/debug/log?level=warn", "event: begin", text);
  e2e_assert_contains(text, "Content-Type: text/event-stream\r\n");
  e2e_get(e2e, 200, "/hello");
  send_garbage(e2e->server.port);
  assert_true(raw_socket_read_until(fd, "- refused 400", 1, text, TEXT_BYTES) >
              0);
  assert_null(strstr(text, "/hello"));
  close(fd);
  free(text);
}

static void the_tail_is_on_the_main_port(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  check_tail(e2e, e2e->server.port);
}

static void the_tail_is_on_the_listener(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_int_equal(server_process_await_debug(&e2e->server), 0);
  check_tail(e2e, e2e->server.debug_port);
}

static void who_comes_back_misses_nothing(void **state) {
  e2e_t *e2e = *state;
  static const char request[] =
      "GET /debug/log HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: %.*s\r\n"
      "\r\n";
  char head[512];
  char *text = malloc(TEXT_BYTES + 1);
  assert_non_null(text);
  e2e_start(e2e, NULL);
  e2e_get(e2e, 400, "/hello?1");
  close(tail(e2e->server.port, "/debug/log", "/hello?1", text));
  const char *id = strstr(text, "\nid: ");
  assert_non_null(id);
  id += 5;
  e2e_get(e2e, 400, "/hello?2");
  int size = snprintf(head, sizeof(head), request, (int)strcspn(id, "\n"), id);
  int fd = raw_socket_connect(e2e->server.port);
  assert_int_equal(raw_socket_write(fd, head, (size_t)size), 0);
  assert_true(raw_socket_read_until(fd, "/hello?2", 1, text, TEXT_BYTES) > 0);
  assert_null(strstr(text, "/hello?1"));
  close(fd);
  free(text);
}

/* server/listener/debug_limits.h: of a loop there are two. */
static void tails_are_among_the_streams_that_there_may_be(void **state) {
  e2e_t *e2e = *state;
  char *text = malloc(TEXT_BYTES + 1);
  assert_non_null(text);
  e2e_start(e2e, NULL);
  int events = tail(e2e->server.port, "/debug/events", "retry: ", text);
  int log = tail(e2e->server.port, "/debug/log", "retry: ", text);
  close(tail(e2e->server.port, "/debug/log", "\r\n\r\n", text));
  e2e_assert_contains(text, "HTTP/1.1 503 ");
  e2e_get(e2e, 200, "/debug/log?format=json");
  close(events);
  close(log);
  free(text);
}

static void text_is_for_a_terminal(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--access-log", "on");
  e2e_get(e2e, 404, "/%1b[2J");
  const char *text = e2e_get(e2e, 200, "/debug/log?format=text");
  e2e_assert_contains(text, " info  r1     r1 GET \"/%1b[2J\" 404 ");
  e2e_assert_field(e2e, "Content-Type", "text/plain; charset=utf-8");
}

static void what_is_below_the_level_is_only_kept(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--log-level", "warn");
  e2e_get(e2e, 200, "/hello");
  send_garbage(e2e->server.port);
  e2e_assert_contains(e2e_get(e2e, 200, "/debug/log?format=text"), "/hello");
  e2e_stop(e2e);
  char *text = server_process_stderr(&e2e->server);
  assert_non_null(text);
  assert_null(strstr(text, "/hello"));
  e2e_assert_contains(text, "- refused 400");
  free(text);
}

/* In the words of OpenTelemetry, on every line of the request. */
static void json_lines_carry_the_trace(void **state) {
  e2e_t *e2e = *state;
  static const char *const fields[] = {
      "traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
      NULL};
  const http_request_t request = {.target = "/flow", .fields = fields};
  e2e->unasked = true;
  start_with_files(e2e, "--log-format", "json", "--log-level", "debug");
  e2e_send(e2e, 200, &request);
  e2e_stop(e2e);
  char *text = server_process_stderr(&e2e->server);
  assert_non_null(text);
  size_t lines = 0, rest;
  for (const char *at = text; *at != '\0'; at += rest + (at[rest] == '\n')) {
    rest = strcspn(at, "\n");
    json_t *line = json_loadb(at, rest, 0, NULL);
    assert_non_null(line);
    assert_string_equal(e2e_string(line, "trace_id"),
                        "0123456789abcdef0123456789abcdef");
    assert_string_equal(e2e_string(line, "trace_flags"), "01");
    assert_int_equal(strlen(e2e_string(line, "span_id")), 16);
    assert_string_equal(e2e_string(line, "request_id"), "r1");
    json_decref(line);
    lines++;
  }
  assert_int_equal(lines, 6);
  free(text);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(
          a_request_has_its_lines_wherever_they_were_written),
      cmocka_unit_test_of_server(the_tail_is_on_the_main_port),
      cmocka_unit_test_of_server(the_tail_is_on_the_listener),
      cmocka_unit_test_of_server(who_comes_back_misses_nothing),
      cmocka_unit_test_of_server(tails_are_among_the_streams_that_there_may_be),
      cmocka_unit_test_of_server(text_is_for_a_terminal),
      cmocka_unit_test_of_server(what_is_below_the_level_is_only_kept),
      cmocka_unit_test_of_server(json_lines_carry_the_trace),
  };
  return test_main(tests, argc, argv);
}
