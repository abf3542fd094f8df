/*
 * The server as a process: its options, its exit codes, its end.
 */
#include "debug_snapshot.h"

#include "raw_socket.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void assert_usage_error(e2e_t *e2e, const char *const *arguments,
                               const char *const *environment,
                               const char *name) {
  char *text = NULL;
  int code = e2e_refused_with(e2e, arguments, environment, &text);
  e2e_assert_contains(text, name);
  free(text);
  assert_int_equal(code, 2);
}

static void an_unknown_option_exits_2_and_is_named(void **state) {
  assert_usage_error(*state, ARGUMENTS("--lopps", "2"), NULL, "--lopps");
}

static void an_option_without_its_value_exits_2(void **state) {
  assert_usage_error(*state, ARGUMENTS("--loops"), NULL, "--loops");
}

static void a_word_that_is_no_option_exits_2(void **state) {
  assert_usage_error(*state, ARGUMENTS("8080"), NULL, "8080");
}

static void bad_numbers_exit_2_and_name_the_option(void **state) {
  e2e_t *e2e = *state;
  assert_usage_error(e2e, ARGUMENTS("--loops", "0"), NULL, "--loops");
  assert_usage_error(e2e, ARGUMENTS("--loops", "two"), NULL, "--loops");
  assert_usage_error(e2e, ARGUMENTS("--workers", "-1"), NULL, "--workers");
  assert_usage_error(e2e, ARGUMENTS("--workers", "1e9"), NULL, "--workers");
}

static void bad_addresses_exit_2_and_name_the_option(void **state) {
  e2e_t *e2e = *state;
  assert_usage_error(e2e, ARGUMENTS("--listen", "8080"), NULL, "--listen");
  assert_usage_error(e2e, ARGUMENTS("--listen", "127.0.0.1:65536"), NULL,
                     "--listen");
  assert_usage_error(e2e, ARGUMENTS("--listen", "127.0.0.1:"), NULL,
                     "--listen");
}

static void a_bad_variable_exits_2_and_is_named(void **state) {
  e2e_t *e2e = *state;
  assert_usage_error(e2e, NULL, ARGUMENTS("ASYNCSCOPE_LOOPS=none"),
                     "ASYNCSCOPE_LOOPS");
  assert_usage_error(e2e, NULL, ARGUMENTS("ASYNCSCOPE_WORKERS=0"),
                     "ASYNCSCOPE_WORKERS");
  assert_usage_error(e2e, NULL, ARGUMENTS("ASYNCSCOPE_LISTEN=here"),
                     "ASYNCSCOPE_LISTEN");
}

/* What it prints to stdout with one option, exit code 0; to be freed. */
static char *printed(const char *option) {
  server_process_t server;
  int code = -1;
  assert_int_equal(server_process_spawn(&server, ARGUMENTS(option), NULL), 0);
  char *text = server_process_stdout(&server);
  int error = server_process_await_exit(&server, &code);
  server_process_finish(&server);
  assert_int_equal(error, 0);
  assert_int_equal(code, 0);
  assert_non_null(text);
  return text;
}

static void help_names_every_option_and_its_variable(void **state) {
  (void)state;
  static const char *const words[] = {"--listen",
                                      "ASYNCSCOPE_LISTEN",
                                      "--loops",
                                      "ASYNCSCOPE_LOOPS",
                                      "--workers",
                                      "ASYNCSCOPE_WORKERS",
                                      "--root",
                                      "ASYNCSCOPE_ROOT",
                                      "--debug-token",
                                      "ASYNCSCOPE_DEBUG_TOKEN",
                                      "--help",
                                      "--version",
                                      "--debug-listen",
                                      "ASYNCSCOPE_DEBUG_LISTEN",
                                      "--demo-faults",
                                      "ASYNCSCOPE_DEMO_FAULTS",
                                      "--debug-token-file",
                                      "ASYNCSCOPE_DEBUG_TOKEN_FILE",
                                      "--debug-allow",
                                      "ASYNCSCOPE_DEBUG_ALLOW"};
  char *text = printed("--help");
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
    e2e_assert_contains(text, words[i]);
  }
  free(text);
}

static void version_is_one_line(void **state) {
  (void)state;
  char *text = printed("--version");
  assert_int_equal(strncmp(text, "asyncscope 0.", 13), 0);
  assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
  free(text);
}

static void assert_taken(e2e_t *e2e, const char *loops) {
  uint16_t port = 0;
  char address[32];
  char *text = NULL;
  int fd = raw_socket_listen(&port);
  assert_true(fd >= 0);
  snprintf(address, sizeof(address), "127.0.0.1:%u", port);
  int code = e2e_refused(e2e, &text, "--listen", address, "--loops", loops);
  close(fd);
  e2e_assert_contains(text, address);
  free(text);
  assert_int_equal(code, 1);
}

static void a_taken_port_exits_1_and_is_named(void **state) {
  assert_taken(*state, "1");
}

static void a_taken_port_exits_1_with_two_loops_too(void **state) {
  assert_taken(*state, "2");
}

/* Both would share it by SO_REUSEPORT, were there no plain bind before. */
static void two_servers_cannot_share_a_port(void **state) {
  e2e_t *e2e = *state;
  char *text = NULL;
  e2e_start(e2e, "--loops", "2");
  int code = e2e_refused(e2e, &text, "--listen",
                         e2e->server.url + strlen("http://"), "--loops", "2");
  e2e_assert_contains(text, e2e->server.url + strlen("http://"));
  free(text);
  assert_int_equal(code, 1);
  e2e_get(e2e, 200, "/hello");
}

static void an_address_of_another_machine_exits_1(void **state) {
  char *text = NULL;
  int code = e2e_refused(*state, &text, "--listen", "192.0.2.1:0");
  e2e_assert_contains(text, "192.0.2.1");
  free(text);
  assert_int_equal(code, 1);
}

static void two_loops_serve_one_free_port(void **state) {
  e2e_t *e2e = *state;
  json_t *seen = json_object();
  e2e_start(e2e, "--loops", "2", "--root", getenv("ASYNCSCOPE_SOURCE_DIR"));
  for (size_t i = 0; i < 200 && json_object_size(seen) < 2; i++) {
    char thread[32];
    json_t *hops = e2e_get_json(e2e, "/flow?ms=0");
    snprintf(thread, sizeof(thread), "%lld",
             (long long)e2e_integer(json_array_get(hops, 0), "thread"));
    json_object_set_new(seen, thread, json_true());
    e2e_reconnect(e2e);
  }
  size_t threads = json_object_size(seen);
  json_decref(seen);
  assert_int_equal(threads, 2);
}

static void every_option_has_its_variable(void **state) {
  e2e_t *e2e = *state;
  char root[96];
  static const char *const fields[] = {
      "Host: evil.example", "Authorization: Bearer by-variable", NULL};
  http_request_t request = {.target = "/debug", .fields = fields};
  e2e_write_file(e2e, "by-variable", "found", 5);
  snprintf(root, sizeof(root), "ASYNCSCOPE_ROOT=%s", e2e->directory);
  e2e_start_with(e2e, NULL,
                 ARGUMENTS("ASYNCSCOPE_LISTEN=127.0.0.1:0",
                           "ASYNCSCOPE_LOOPS=2", "ASYNCSCOPE_WORKERS=3", root,
                           "ASYNCSCOPE_DEBUG_TOKEN=by-variable"));
  assert_string_equal(e2e_get(e2e, 200, "/file?path=by-variable"), "found");
  json_t *debug = debug_capture(e2e);
  assert_int_equal(debug_threads(debug, "loop"), 2);
  assert_int_equal(debug_threads(debug, "worker"), 3);
  e2e_send(e2e, 200, &request);
}

static void an_option_wins_over_its_variable(void **state) {
  e2e_t *e2e = *state;
  e2e_start_with(
      e2e, ARGUMENTS("--listen", "127.0.0.1:0", "--workers", "2"),
      ARGUMENTS("ASYNCSCOPE_WORKERS=3", "ASYNCSCOPE_LISTEN=127.0.0.1:1"));
  assert_int_equal(debug_threads(debug_capture(e2e), "worker"), 2);
}

static bool has_ipv6(void) {
  struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                 .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool bound =
      fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
  if (fd >= 0) {
    close(fd);
  }
  return bound;
}

static void ipv6_is_served_and_named_in_brackets(void **state) {
  e2e_t *e2e = *state;
  if (!has_ipv6()) {
    skip();
  }
  e2e_start_with(e2e, ARGUMENTS("--listen", "[::1]:0", "--loops", "2"), NULL);
  e2e_assert_contains(e2e->server.url, "http://[::1]:");
  e2e_get(e2e, 200, "/hello");
  e2e_get(e2e, 200, "/debug/tree");
}

static void assert_ends_well(e2e_t *e2e, int signal_number) {
  int code = -1;
  e2e_start(e2e, "--loops", "2");
  e2e_get(e2e, 200, "/hello");
  assert_int_equal(kill(e2e->server.pid, signal_number), 0);
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
}

static void sigterm_ends_it_with_0(void **state) {
  assert_ends_well(*state, SIGTERM);
}

static void sigint_ends_it_with_0(void **state) {
  assert_ends_well(*state, SIGINT);
}

/* Asks until the server has begun the request that another client sent. */
static void await_timeout(e2e_t *e2e) {
  for (size_t i = 0; i < DEBUG_POLLS; i++) {
    if (debug_find(debug_capture(e2e), "Timeout", NULL) != NULL) {
      return;
    }
  }
  fail_msg("no Timeout in %s", e2e->answer.body.bytes);
}

static void sigterm_lets_a_request_in_flight_be_answered(void **state) {
  e2e_t *e2e = *state;
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  bool slow = load != NULL && strcmp(load, "reduced") == 0;
  char request[128];
  char answer[4097];
  e2e_start(e2e, "--loops", "2");
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  snprintf(request, sizeof(request),
           "GET /timer?ms=%d HTTP/1.1\r\nHost: localhost\r\n\r\n",
           slow ? 6000 : 1000);
  int error = raw_socket_write(fd, request, strlen(request));
  await_timeout(e2e);
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  long length = raw_socket_read_all(fd, answer, sizeof(answer) - 1);
  close(fd);
  assert_int_equal(error, 0);
  assert_true(length > 0);
  e2e_assert_contains(answer, "HTTP/1.1 200 ");
  e2e_assert_contains(answer, "Connection: close");
  int code = -1;
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
}

static void await_requests(e2e_t *e2e, size_t count) {
  for (size_t i = 0; i < DEBUG_POLLS; i++) {
    if (json_array_size(e2e_array(debug_capture(e2e), "requests")) == count) {
      return;
    }
  }
  fail_msg("not %zu requests in %s", count, e2e->answer.body.bytes);
}

/* That the idle connection ends is the sign that the server is draining; only
 * then comes the rest of a body that it waits for. */
static void sigterm_ends_idle_connections_and_awaits_a_body(void **state) {
  e2e_t *e2e = *state;
  static const char start[] = "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 8\r\n\r\nhalf";
  char answer[4097];
  e2e_start(e2e, NULL);
  int idle = raw_socket_connect(e2e->server.port);
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(idle >= 0 && fd >= 0);
  int error = raw_socket_write(fd, start, sizeof(start) - 1);
  await_requests(e2e, 1);
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  assert_int_equal(raw_socket_read_all(idle, answer, sizeof(answer) - 1), 0);
  error |= raw_socket_write(fd, "half", 4);
  long length = raw_socket_read_all(fd, answer, sizeof(answer) - 1);
  close(idle);
  close(fd);
  assert_int_equal(error, 0);
  assert_true(length > 0);
  e2e_assert_contains(answer, "HTTP/1.1 200 ");
  e2e_assert_contains(answer, "Connection: close");
  e2e_assert_contains(answer, "\r\n\r\nhalfhalf");
  int code = -1;
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
}

static void sigterm_does_not_wait_for_the_rest_of_a_head(void **state) {
  e2e_t *e2e = *state;
  char answer[4097];
  e2e_start(e2e, NULL);
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  int error = raw_socket_write(fd, "G", 1);
  e2e_get(e2e, 200, "/hello");
  e2e_stop(e2e);
  assert_int_equal(raw_socket_read_all(fd, answer, sizeof(answer) - 1), 0);
  close(fd);
  assert_int_equal(error, 0);
}

static void the_log_has_one_line_for_each_request(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/hello");
  e2e_get(e2e, 404, "/nowhere");
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  e2e_assert_contains(log, "/hello");
  e2e_assert_contains(log, "200");
  e2e_assert_contains(log, "/nowhere");
  e2e_assert_contains(log, "404");
  free(log);
}

static void a_target_cannot_forge_a_log_line(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 404, "/no%0Aforged%1b[31m");
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  assert_null(strstr(log, "\nforged"));
  assert_null(strchr(log, '\x1b'));
  free(log);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(an_unknown_option_exits_2_and_is_named),
      cmocka_unit_test_of_server(an_option_without_its_value_exits_2),
      cmocka_unit_test_of_server(a_word_that_is_no_option_exits_2),
      cmocka_unit_test_of_server(bad_numbers_exit_2_and_name_the_option),
      cmocka_unit_test_of_server(bad_addresses_exit_2_and_name_the_option),
      cmocka_unit_test_of_server(a_bad_variable_exits_2_and_is_named),
      cmocka_unit_test_of_server(help_names_every_option_and_its_variable),
      cmocka_unit_test_of_server(version_is_one_line),
      cmocka_unit_test_of_server(a_taken_port_exits_1_and_is_named),
      cmocka_unit_test_of_server(a_taken_port_exits_1_with_two_loops_too),
      cmocka_unit_test_of_server(two_servers_cannot_share_a_port),
      cmocka_unit_test_of_server(an_address_of_another_machine_exits_1),
      cmocka_unit_test_of_server(two_loops_serve_one_free_port),
      cmocka_unit_test_of_server(every_option_has_its_variable),
      cmocka_unit_test_of_server(an_option_wins_over_its_variable),
      cmocka_unit_test_of_server(ipv6_is_served_and_named_in_brackets),
      cmocka_unit_test_of_server(sigterm_ends_it_with_0),
      cmocka_unit_test_of_server(sigint_ends_it_with_0),
      cmocka_unit_test_of_server(sigterm_lets_a_request_in_flight_be_answered),
      cmocka_unit_test_of_server(
          sigterm_ends_idle_connections_and_awaits_a_body),
      cmocka_unit_test_of_server(sigterm_does_not_wait_for_the_rest_of_a_head),
      cmocka_unit_test_of_server(the_log_has_one_line_for_each_request),
      cmocka_unit_test_of_server(a_target_cannot_forge_a_log_line),
  };
  return test_main(tests, argc, argv);
}
