/*
 * Signals in every state of the server, and what a restart does to those who
 * are asking meanwhile.
 */
#include "e2e_life.h"
#include "e2e_raw.h"
#include "raw_socket.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define HELLO          "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define CLIENTS        48

/* directory/token, with this text; one that is there is replaced. */
static const char *write_token(e2e_t *e2e, const char *text, char *path,
                               size_t bytes) {
  char fresh[128];
  e2e_write_file(e2e, "fresh", text, strlen(text));
  snprintf(fresh, sizeof(fresh), "%.64s/fresh", e2e_directory(e2e));
  snprintf(path, bytes, "%.64s/token", e2e_directory(e2e));
  assert_int_equal(rename(fresh, path), 0);
  return path;
}

/* It has opened the pipe, and waits for what comes: nobody serves yet. */
static void a_signal_before_it_listens_ends_it_when_it_does(void **state) {
  e2e_t *e2e = *state;
  char path[128];
  snprintf(path, sizeof(path), "%.64s/pipe", e2e_directory(e2e));
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_int_equal(server_process_spawn(&e2e->server,
                                        ARGUMENTS("--listen", "127.0.0.1:0",
                                                  "--debug-token-file", path),
                                        NULL),
                   0);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(write(fd, "secret\n", 7), 7);
  close(fd);
  assert_int_equal(server_process_await_listening(&e2e->server), 0);
  assert_int_equal(e2e_exit_code(e2e), 0);
}

static void signals_that_mean_nothing_end_nothing(void **state) {
  static const int numbers[] = {SIGUSR1, SIGUSR2, SIGPIPE, SIGWINCH, SIGCHLD};
  e2e_t *e2e = *state;
  e2e_start(e2e, "--loops", "2");
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
    e2e_signal(e2e, numbers[i]);
    e2e_get(e2e, 200, "/hello");
  }
}

static void limit_files(const e2e_t *e2e, rlim_t bytes) {
  struct rlimit limit;
  assert_int_equal(prlimit(e2e->server.pid, RLIMIT_FSIZE, NULL, &limit), 0);
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  assert_int_equal(prlimit(e2e->server.pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

/* The kernel tells it by SIGXFSZ. What it writes at its end, as for a measured
 * coverage, is not limited. */
static void a_log_that_may_not_grow_ends_nothing(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  limit_files(e2e, 100);
  for (size_t i = 0; i < 5; i++) {
    e2e_get(e2e, 200, "/hello");
  }
  char *log = server_process_stderr(&e2e->server);
  limit_files(e2e, RLIM_INFINITY);
  assert_int_equal(strlen(log), 100);
  free(log);
}

static void sighup_ends_a_server_that_has_nothing_to_read_again(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_signal(e2e, SIGHUP);
  assert_int_equal(e2e_exit_code(e2e), 128 + SIGHUP);
}

static void ask(e2e_t *e2e, long status, const char *token) {
  char field[96];
  const char *fields[] = {"Host: public.example", field, NULL};
  http_request_t request = {.target = "/debug", .fields = fields};
  snprintf(field, sizeof(field), "Authorization: Bearer %s", token);
  e2e_send(e2e, status, &request);
}

/* On whatever loop, and whichever listener. */
static void assert_opens(e2e_t *e2e, const char *token, const char *other) {
  for (size_t i = 0; i < 6; i++) {
    if (i == 5) {
      e2e_ask_debug(e2e);
    }
    ask(e2e, 200, token);
    ask(e2e, 401, other);
    e2e_reconnect(e2e);
  }
}

static void sighup_takes_another_token(void **state) {
  e2e_t *e2e = *state;
  char path[128];
  e2e_start(e2e, "--loops", "2", "--debug-token-file",
            write_token(e2e, "before\n", path, sizeof(path)));
  ask(e2e, 200, "before");
  write_token(e2e, "after\n", path, sizeof(path));
  e2e_signal(e2e, SIGHUP);
  e2e_await_log(e2e, "the token was read again");
  assert_opens(e2e, "after", "before");
}

static void sighup_with_no_token_keeps_what_there_is(void **state) {
  e2e_t *e2e = *state;
  char path[128];
  e2e_start(e2e, "--debug-token-file",
            write_token(e2e, "before\n", path, sizeof(path)));
  write_token(e2e, "", path, sizeof(path));
  e2e_signal(e2e, SIGHUP);
  e2e_await_log(e2e, "invalid argument; the token before holds on");
  assert_int_equal(unlink(path), 0);
  e2e_signal(e2e, SIGHUP);
  e2e_await_log(e2e, "no such file or directory; the token before holds on");
  assert_opens(e2e, "before", "");
}

/* Only another that ends it cuts the end short. */
static void other_signals_do_not_disturb_the_end(void **state) {
  e2e_t *e2e = *state;
  char path[128];
  e2e_start(e2e, "--debug-token-file",
            write_token(e2e, "before\n", path, sizeof(path)));
  int late = e2e_begin_late(e2e);
  int idle = e2e_open_idle(e2e);
  e2e_signal(e2e, SIGTERM);
  e2e_await_end(idle);
  e2e_signal(e2e, SIGHUP);
  e2e_signal(e2e, SIGUSR1);
  e2e_signal(e2e, SIGPIPE);
  e2e_ask_debug(e2e);
  ask(e2e, 200, "before");
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 3);
  e2e_await_end(late);
}

static void start_passed(e2e_t *e2e) {
  e2e_start_with(e2e, ARGUMENTS("--loops", "2", "--debug-listen", "off"), NULL);
}

static void ask_all(int *clients, size_t count, uint16_t port) {
  for (size_t i = 0; i < count; i++) {
    clients[i] = raw_socket_connect(port);
    assert_true(clients[i] >= 0);
    e2e_raw_send(clients[i], HELLO);
  }
}

/* The socket stays with who passed it, as with systemd, while no server runs.
 * Some it has read, some wait to be read, some to be taken: each is answered,
 * by the one server or by the next. Who has not sent yet would be sent away. */
static void a_restart_loses_no_request_that_was_sent(void **state) {
  e2e_t *e2e = *state;
  int clients[CLIENTS];
  uint16_t port = 0;
  int fd = raw_socket_listen(&port);
  assert_true(fd >= 0);
  e2e_pass(fd, "1");
  start_passed(e2e);
  ask_all(clients, CLIENTS - 8, port);
  e2e_signal(e2e, SIGTERM);
  assert_int_equal(e2e_exit_code(e2e), 0);
  ask_all(clients + CLIENTS - 8, 8, port);
  http_client_finish(&e2e->client);
  server_process_finish(&e2e->server);
  start_passed(e2e);
  for (size_t i = 0; i < CLIENTS; i++) {
    e2e_raw_await(clients[i], "200");
    close(clients[i]);
  }
  close(fd);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(
          a_signal_before_it_listens_ends_it_when_it_does),
      cmocka_unit_test_of_server(signals_that_mean_nothing_end_nothing),
      cmocka_unit_test_of_server(a_log_that_may_not_grow_ends_nothing),
      cmocka_unit_test_of_server(
          sighup_ends_a_server_that_has_nothing_to_read_again),
      cmocka_unit_test_of_server(sighup_takes_another_token),
      cmocka_unit_test_of_server(sighup_with_no_token_keeps_what_there_is),
      cmocka_unit_test_of_server(other_signals_do_not_disturb_the_end),
      cmocka_unit_test_of_server(a_restart_loses_no_request_that_was_sent),
  };
  return test_main(tests, argc, argv);
}
