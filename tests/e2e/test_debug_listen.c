/*
 * The diagnostics on an address of their own: where that is, and how it ends.
 */
#include "debug_snapshot.h"

#include "raw_socket.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN          "correct-horse"
#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define READERS        8

static const char *unix_address(e2e_t *e2e) {
  static char address[96];
  snprintf(address, sizeof(address), "unix:%s/debug", e2e_directory(e2e));
  return address;
}

static void the_second_line_says_where_it_is(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  assert_memory_equal(e2e->server.debug_url, "http://127.0.0.1:", 17);
  assert_int_not_equal(e2e->server.debug_port, e2e->server.port);
  assert_int_equal(debug_threads(debug_capture(e2e), "loop"), 1);
  e2e_assert_contains(e2e_get(e2e, 200, "/debug/tree"), "TCPSERVERWRAP");
}

static void it_shows_what_the_main_port_shows(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--loops", "2", "--workers", "3");
  json_t *main_port = json_deep_copy(debug_capture(e2e));
  e2e_ask_debug(e2e);
  json_t *listener = debug_capture(e2e);
  bool equal = json_array_size(e2e_array(main_port, "threads")) ==
                   json_array_size(e2e_array(listener, "threads")) &&
               debug_count(main_port, "TCPSERVERWRAP") ==
                   debug_count(listener, "TCPSERVERWRAP");
  json_decref(main_port);
  assert_true(equal);
  assert_int_equal(debug_count(listener, "TCPSERVERWRAP"), 2);
}

/* Asks until there is a point behind the first. */
static void assert_history_goes_on(e2e_t *e2e) {
  json_t *seconds;
  do
    seconds = e2e_array(e2e_get_json(e2e, "/debug/history"), "seconds");
  while (json_array_size(seconds) < 2);
  assert_int_equal(e2e_integer(json_array_get(seconds, 1), "number"), 1);
  assert_true(e2e_integer(json_array_get(seconds, 1), "live") > 0);
}

static void it_keeps_the_history(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  assert_history_goes_on(e2e);
}

static void without_it_a_loop_keeps_the_history(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--debug-listen", "off", "--loops", "2");
  assert_history_goes_on(e2e);
}

/* Only the listener's routes are there. */
static void it_serves_nothing_else_but_its_health(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  e2e_get(e2e, 404, "/hello");
  e2e_get(e2e, 404, "/readyz");
  e2e_get(e2e, 200, "/healthz");
}

static void off_is_one_line_and_no_listener(void **state) {
  (void)state;
  server_process_t server;
  int code = -1;
  assert_int_equal(server_process_spawn(&server,
                                        ARGUMENTS("--listen", "127.0.0.1:0",
                                                  "--debug-listen", "off"),
                                        NULL),
                   0);
  int error = server_process_await_listening(&server);
  kill(server.pid, SIGTERM);
  char *rest = server_process_stdout(&server);
  error |= server_process_await_exit(&server, &code);
  server_process_finish(&server);
  assert_int_equal(error, 0);
  assert_int_equal(code, 0);
  assert_string_equal(rest, "");
  free(rest);
}

static void off_leaves_the_main_port(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--debug-listen", "off");
  debug_capture(e2e);
}

static void the_variable_says_it_too(void **state) {
  e2e_t *e2e = *state;
  char variable[128];
  snprintf(variable, sizeof(variable), "ASYNCSCOPE_DEBUG_LISTEN=%s",
           unix_address(e2e));
  e2e_start_with(e2e, ARGUMENTS("--listen", "127.0.0.1:0"),
                 ARGUMENTS(variable));
  e2e_ask_debug(e2e);
  assert_string_equal(e2e->server.debug_url, unix_address(e2e));
}

static void what_is_no_address_exits_2_and_names_the_option(void **state) {
  static const char *const bad[] = {"8081", "unix:", "on", "127.0.0.1:65536"};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    char *text = NULL;
    int code = e2e_refused(*state, &text, "--listen", "127.0.0.1:0",
                           "--debug-listen", bad[i]);
    e2e_assert_contains(text, "--debug-listen");
    free(text);
    assert_int_equal(code, 2);
  }
}

/* -- A unix socket ------------------------------------------------------- */

static void a_unix_socket_answers_its_user_alone(void **state) {
  e2e_t *e2e = *state;
  const char *address = unix_address(e2e);
  struct stat file;
  e2e_start(e2e, "--debug-listen", address);
  e2e_ask_debug(e2e);
  assert_string_equal(e2e->server.debug_url, address);
  assert_int_equal(lstat(address + 5, &file), 0);
  assert_int_equal(file.st_mode, S_IFSOCK | 0600);
  debug_capture(e2e);
}

static void a_unix_socket_is_gone_after_sigterm(void **state) {
  e2e_t *e2e = *state;
  const char *address = unix_address(e2e);
  e2e_start(e2e, "--debug-listen", address);
  e2e_stop(e2e);
  assert_int_equal(access(address + 5, F_OK), -1);
  assert_int_equal(rmdir(e2e->directory), 0);
  e2e->directory[0] = '\0';
}

static void a_unix_socket_left_by_a_kill_is_replaced(void **state) {
  e2e_t *e2e = *state;
  const char *address = unix_address(e2e);
  e2e_start(e2e, "--debug-listen", address);
  server_process_finish(&e2e->server);
  http_client_finish(&e2e->client);
  assert_int_equal(access(address + 5, F_OK), 0);
  e2e_start(e2e, "--debug-listen", address);
  e2e_ask_debug(e2e);
  debug_capture(e2e);
}

static void a_unix_socket_in_use_exits_1_and_is_named(void **state) {
  e2e_t *e2e = *state;
  const char *address = unix_address(e2e);
  char *text = NULL;
  e2e_start(e2e, "--debug-listen", address);
  int code = e2e_refused(e2e, &text, "--listen", "127.0.0.1:0",
                         "--debug-listen", address);
  e2e_assert_contains(text, address);
  free(text);
  assert_int_equal(code, 1);
  e2e_ask_debug(e2e);
  debug_capture(e2e);
}

/* -- A port -------------------------------------------------------------- */

static void a_taken_port_exits_1_and_is_named(void **state) {
  e2e_t *e2e = *state;
  uint16_t port = 0;
  char address[32];
  char *text = NULL;
  int fd = raw_socket_listen(&port);
  assert_true(fd >= 0);
  snprintf(address, sizeof(address), "127.0.0.1:%u", port);
  int code = e2e_refused(e2e, &text, "--listen", "127.0.0.1:0",
                         "--debug-listen", address);
  close(fd);
  e2e_assert_contains(text, address);
  free(text);
  assert_int_equal(code, 1);
}

/* -- The end ------------------------------------------------------------- */

/* A connection on which `request`, if any, was sent. */
static int connect_and_send(uint16_t port, const char *request) {
  int fd = raw_socket_connect(port);
  assert_true(fd >= 0);
  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  return fd;
}

static void assert_exits_with_0(e2e_t *e2e) {
  int code = -1;
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
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

/* That the idle connection ends is the sign that the server is draining. */
static void it_answers_while_the_server_drains(void **state) {
  e2e_t *e2e = *state;
  char answer[4097];
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  int idle = connect_and_send(e2e->server.port, "");
  int fd = connect_and_send(e2e->server.port,
                            "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Length: 8\r\n\r\nhalf");
  while (debug_find(debug_capture(e2e), "HTTPINCOMINGMESSAGE", NULL) == NULL) {
  }
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  assert_int_equal(raw_socket_read_all(idle, answer, sizeof(answer) - 1), 0);
  while (debug_count(debug_capture(e2e), "TCPSERVERWRAP") > 0) {
  }
  assert_non_null(debug_find(e2e->json, "HTTPINCOMINGMESSAGE", NULL));
  assert_int_equal(raw_socket_write(fd, "half", 4), 0);
  assert_true(raw_socket_read_all(fd, answer, sizeof(answer) - 1) > 0);
  close(idle);
  close(fd);
  e2e_assert_contains(answer, "halfhalf");
  assert_exits_with_0(e2e);
}

/* Idle, half a request, an answer that is not read. */
static void sigterm_does_not_wait_for_its_clients(void **state) {
  e2e_t *e2e = *state;
  int fds[3 * READERS];
  e2e_start(e2e, "--demo-faults");
  e2e_ask_debug(e2e);
  for (size_t i = 0; i < READERS; i++) {
    fds[3 * i] = connect_and_send(e2e->server.debug_port, "");
    fds[3 * i + 1] = connect_and_send(e2e->server.debug_port, "GET /deb");
    fds[3 * i + 2] =
        connect_and_send(e2e->server.debug_port,
                         "GET /debug HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  debug_capture(e2e);
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  assert_exits_with_0(e2e);
  for (size_t i = 0; i < 3 * READERS; i++) {
    close(fds[i]);
  }
}

static void clients_that_leave_leave_nothing(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  for (size_t i = 0; i < 100; i++) {
    e2e_ask_debug(e2e);
    int fd = connect_and_send(e2e->server.debug_port,
                              "GET /debug HTTP/1.1\r\nHost: localhost\r\n\r\n");
    close(fd);
    debug_capture(e2e);
  }
  e2e_reconnect(e2e);
  debug_assert_quiet(e2e, 1);
}

static void a_second_signal_removes_the_socket_too(void **state) {
  e2e_t *e2e = *state;
  const char *address = unix_address(e2e);
  int code = -1;
  e2e_start(e2e, "--debug-listen", address);
  e2e_ask_debug(e2e);
  int fd = connect_and_send(e2e->server.port,
                            "GET /timer?ms=25000 HTTP/1.1\r\nHost: a\r\n\r\n");
  int idle = connect_and_send(e2e->server.port, "");
  await_timeout(e2e);
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  char answer[64];
  assert_int_equal(raw_socket_read_all(idle, answer, sizeof(answer) - 1), 0);
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  close(idle);
  close(fd);
  assert_int_equal(code, 3);
  assert_int_equal(access(address + 5, F_OK), -1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(the_second_line_says_where_it_is),
      cmocka_unit_test_of_server(it_shows_what_the_main_port_shows),
      cmocka_unit_test_of_server(it_keeps_the_history),
      cmocka_unit_test_of_server(without_it_a_loop_keeps_the_history),
      cmocka_unit_test_of_server(it_serves_nothing_else_but_its_health),
      cmocka_unit_test_of_server(off_is_one_line_and_no_listener),
      cmocka_unit_test_of_server(off_leaves_the_main_port),
      cmocka_unit_test_of_server(the_variable_says_it_too),
      cmocka_unit_test_of_server(
          what_is_no_address_exits_2_and_names_the_option),
      cmocka_unit_test_of_server(a_unix_socket_answers_its_user_alone),
      cmocka_unit_test_of_server(a_unix_socket_is_gone_after_sigterm),
      cmocka_unit_test_of_server(a_unix_socket_left_by_a_kill_is_replaced),
      cmocka_unit_test_of_server(a_unix_socket_in_use_exits_1_and_is_named),
      cmocka_unit_test_of_server(a_taken_port_exits_1_and_is_named),
      cmocka_unit_test_of_server(it_answers_while_the_server_drains),
      cmocka_unit_test_of_server(sigterm_does_not_wait_for_its_clients),
      cmocka_unit_test_of_server(clients_that_leave_leave_nothing),
      cmocka_unit_test_of_server(a_second_signal_removes_the_socket_too),
  };
  return test_main(tests, argc, argv);
}
