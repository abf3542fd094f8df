/*
 * From the start to the end: what a service manager and a load balancer see.
 */
#include "debug_snapshot.h"

#include "deadline.h"
#include "e2e_life.h"
#include "e2e_raw.h"
#include "raw_socket.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define HELLO          "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define READYZ         "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"

static void a_server_that_serves_is_ready(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_string_equal(e2e_get(e2e, 200, "/readyz"), "ready\n");
  assert_string_equal(e2e_get(e2e, 200, "/healthz"), "ok\n");
}

static void a_server_that_ends_is_well_but_not_ready(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--loops", "2", "--drain-delay", "3600");
  int idle = e2e_open_idle(e2e);
  e2e_signal(e2e, SIGTERM);
  e2e_await_end(idle);
  e2e_raw_expect(e2e, READYZ, "503");
  char *answer = e2e_raw_exchange(e2e, HELLO);
  e2e_raw_assert_status(answer, "200");
  e2e_assert_contains(answer, "Connection: close\r\n");
  free(answer);
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 3);
}

static void behind_the_delay_it_ends(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--loops", "2", "--drain-delay", "0.2");
  e2e_get(e2e, 200, "/hello");
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 0);
}

static void what_is_not_answered_in_time_is_cut_off(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--drain-timeout", "0.2");
  int late = e2e_begin_late(e2e);
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 3);
  e2e_await_end(late);
}

/* The server leaves such a connection a second to end its side. */
static void who_has_its_answer_is_not_cut_off(void **state) {
  e2e_t *e2e = *state;
  char answer[4097];
  e2e_start(e2e, "--drain-timeout", "0.1");
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, "GET /hello HTTP/1.1\r\nHost: localhost\r\n"
                   "Connection: close\r\n\r\n");
  assert_true(raw_socket_read_until(fd, "hello\n", 1, answer, 4096) > 0);
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 0);
  e2e_await_end(fd);
}

static void without_time_to_drain_it_ends_at_once(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--drain-timeout", "0");
  int late = e2e_begin_late(e2e);
  e2e_signal(e2e, SIGINT);
  assert_int_equal(e2e_exit_code(e2e), 3);
  e2e_await_end(late);
}

static void a_second_signal_ends_it_at_once(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--drain-timeout", "3600");
  int idle = e2e_open_idle(e2e);
  int late = e2e_begin_late(e2e);
  e2e_signal(e2e, SIGTERM);
  e2e_await_end(idle);
  e2e_signal(e2e, SIGINT);
  assert_int_equal(e2e_exit_code(e2e), 3);
  e2e_await_end(late);
}

/* The one that closes first, here the server, keeps the address for a while:
 * that must not keep the next one from it. */
static void the_next_server_has_the_port_at_once(void **state) {
  e2e_t *e2e = *state;
  char address[32];
  e2e_start(e2e, "--loops", "2");
  int idle = e2e_open_idle(e2e);
  snprintf(address, sizeof(address), "127.0.0.1:%u", e2e->server.port);
  e2e_raw_expect(e2e,
                 "GET /hello HTTP/1.1\r\nHost: localhost\r\n"
                 "Connection: close\r\n\r\n",
                 "200");
  e2e_stop(e2e);
  e2e_await_end(idle);
  http_client_finish(&e2e->client);
  server_process_finish(&e2e->server);
  e2e_start_with(
      e2e,
      ARGUMENTS("--listen", address, "--loops", "2", "--debug-listen", "off"),
      NULL);
  e2e_get(e2e, 200, "/hello");
}

/* A datagram socket at directory/notify, and what names it. */
static int open_notify(e2e_t *e2e, char ret_variable[128]) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  snprintf(address.sun_path, sizeof(address.sun_path), "%.60s/notify",
           e2e_directory(e2e));
  snprintf(ret_variable, 128, "NOTIFY_SOCKET=%.100s", address.sun_path);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)),
                   0);
  return fd;
}

static void assert_notified(int fd, const char *text) {
  char found[513] = "";
  assert_int_equal(
      deadline_poll(deadline_in(RAW_SOCKET_DEADLINE_MS), fd, POLLIN), 0);
  assert_true(recv(fd, found, sizeof(found) - 1, 0) > 0);
  e2e_assert_contains(found, text);
}

static void systemd_is_told_of_the_start_and_the_end(void **state) {
  e2e_t *e2e = *state;
  char variable[128];
  int fd = open_notify(e2e, variable);
  e2e_start_with(e2e, ARGUMENTS("--listen", "127.0.0.1:0"),
                 ARGUMENTS(variable));
  assert_notified(fd, "READY=1\n");
  e2e_stop(e2e);
  assert_notified(fd, "STOPPING=1");
  close(fd);
}

static void a_service_manager_that_is_gone_is_no_matter(void **state) {
  e2e_t *e2e = *state;
  e2e_start_with(e2e, ARGUMENTS("--listen", "127.0.0.1:0"),
                 ARGUMENTS("NOTIFY_SOCKET=/nowhere/notify"));
  e2e_get(e2e, 200, "/hello");
}

static void assert_serves_passed(e2e_t *e2e, const char *loops) {
  uint16_t port = 0;
  int fd = raw_socket_listen(&port);
  assert_true(fd >= 0);
  e2e_pass(fd, "1");
  e2e_start_with(e2e,
                 ARGUMENTS("--listen", "127.0.0.1:1", "--loops", loops,
                           "--debug-listen", "off"),
                 NULL);
  assert_int_equal(e2e->server.port, port);
  for (size_t i = 0; i < 20; i++) {
    e2e_get(e2e, 200, "/hello");
    e2e_reconnect(e2e);
  }
  assert_int_equal(debug_count(debug_capture(e2e), "TCPSERVERWRAP"),
                   strtoul(loops, NULL, 10));
  close(fd);
}

static void a_socket_that_systemd_passes_is_served(void **state) {
  assert_serves_passed(*state, "1");
}

static void a_socket_that_systemd_passes_is_served_by_all_loops(void **state) {
  assert_serves_passed(*state, "3");
}

/* It stays with who passed it: connections wait there for the next server. */
static void a_socket_that_was_passed_outlives_the_server(void **state) {
  e2e_t *e2e = *state;
  uint16_t port = 0;
  int fd = raw_socket_listen(&port);
  assert_true(fd >= 0);
  e2e_pass(fd, "1");
  e2e_start_with(e2e, ARGUMENTS("--debug-listen", "off"), NULL);
  e2e_get(e2e, 200, "/hello");
  e2e_stop(e2e);
  int waiting = raw_socket_connect(port);
  assert_true(waiting >= 0);
  e2e_raw_send(waiting, HELLO);
  http_client_finish(&e2e->client);
  server_process_finish(&e2e->server);
  e2e_start_with(e2e, ARGUMENTS("--debug-listen", "off"), NULL);
  e2e_raw_await(waiting, "200");
  close(waiting);
  close(fd);
}

static void assert_passed_refused(e2e_t *e2e, int fd, const char *count) {
  char *text = NULL;
  e2e_pass(fd, count);
  int code = e2e_refused_with(e2e, NULL, NULL, &text);
  e2e_assert_contains(text, "LISTEN_FDS");
  free(text);
  assert_int_equal(code, 1);
}

static void two_sockets_are_one_too_many(void **state) {
  uint16_t port = 0;
  int fd = raw_socket_listen(&port);
  assert_true(fd >= 0);
  assert_passed_refused(*state, fd, "2");
  close(fd);
}

static void what_does_not_listen_is_refused(void **state) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_true(fd >= 0);
  assert_passed_refused(*state, fd, "1");
  close(fd);
  fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  assert_passed_refused(*state, fd, "1");
  close(fd);
}

static void sockets_for_another_process_are_not_taken(void **state) {
  e2e_t *e2e = *state;
  e2e_start_with(e2e, ARGUMENTS("--listen", "127.0.0.1:0"),
                 ARGUMENTS("LISTEN_PID=1", "LISTEN_FDS=1"));
  e2e_get(e2e, 200, "/hello");
}

static unsigned count_threads(const e2e_t *e2e) {
  char path[64];
  unsigned count = 0;
  snprintf(path, sizeof(path), "/proc/%d/task", (int)e2e->server.pid);
  DIR *directory = opendir(path);
  assert_non_null(directory);
  while (readdir(directory) != NULL) {
    count++;
  }
  closedir(directory);
  return count;
}

/* Where they cannot be made, a request would end the server. */
static void libuvs_threads_are_there_before_any_request(void **state) {
  e2e_t *e2e = *state;
  e2e_start_with(e2e, ARGUMENTS("--listen", "127.0.0.1:0"),
                 ARGUMENTS("UV_THREADPOOL_SIZE=100"));
  assert_true(count_threads(e2e) > 100);
}

static void assert_leads_nowhere(const e2e_t *e2e, int fd) {
  char path[64], target[64] = "";
  snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)e2e->server.pid, fd);
  assert_true(readlink(path, target, sizeof(target) - 1) > 0);
  assert_string_equal(target, "/dev/null");
}

/* Else the server's own would get their numbers, and its log be written into
 * one of them. */
static void what_is_closed_at_the_start_leads_nowhere(void **state) {
  e2e_t *e2e = *state;
  e2e_start_by("closed_files.sh");
  e2e_start(e2e, NULL);
  assert_leads_nowhere(e2e, STDIN_FILENO);
  assert_leads_nowhere(e2e, STDERR_FILENO);
  e2e_get(e2e, 200, "/hello");
}

/* Else whoever keeps it in a file takes a part for the whole. */
static void what_cannot_be_printed_is_no_success(void **state) {
  static const char *const commands[] = {"--help", "--version"};
  e2e_start_by("full_output.sh");
  for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
    char *text = NULL;
    int code = e2e_refused_with(
        *state, (const char *const[]){commands[i], NULL}, NULL, &text);
    e2e_assert_contains(text, "No space left");
    free(text);
    assert_int_equal(code, 1);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_server_that_serves_is_ready),
      cmocka_unit_test_of_server(a_server_that_ends_is_well_but_not_ready),
      cmocka_unit_test_of_server(behind_the_delay_it_ends),
      cmocka_unit_test_of_server(what_is_not_answered_in_time_is_cut_off),
      cmocka_unit_test_of_server(who_has_its_answer_is_not_cut_off),
      cmocka_unit_test_of_server(without_time_to_drain_it_ends_at_once),
      cmocka_unit_test_of_server(a_second_signal_ends_it_at_once),
      cmocka_unit_test_of_server(the_next_server_has_the_port_at_once),
      cmocka_unit_test_of_server(systemd_is_told_of_the_start_and_the_end),
      cmocka_unit_test_of_server(a_service_manager_that_is_gone_is_no_matter),
      cmocka_unit_test_of_server(a_socket_that_systemd_passes_is_served),
      cmocka_unit_test_of_server(
          a_socket_that_systemd_passes_is_served_by_all_loops),
      cmocka_unit_test_of_server(a_socket_that_was_passed_outlives_the_server),
      cmocka_unit_test_of_server(two_sockets_are_one_too_many),
      cmocka_unit_test_of_server(what_does_not_listen_is_refused),
      cmocka_unit_test_of_server(sockets_for_another_process_are_not_taken),
      cmocka_unit_test_of_server(libuvs_threads_are_there_before_any_request),
      cmocka_unit_test_of_server(what_is_closed_at_the_start_leads_nowhere),
      cmocka_unit_test_of_server(what_cannot_be_printed_is_no_success),
  };
  return test_main(tests, argc, argv);
}
