#include "e2e_life.h"

#include "debug_snapshot.h"
#include "e2e_raw.h"
#include "raw_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void e2e_signal(e2e_t *e2e, int number) {
  assert_int_equal(kill(e2e->server.pid, number), 0);
}

int e2e_exit_code(e2e_t *e2e) {
  int code = -1;
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  return code;
}

void e2e_await_log(const e2e_t *e2e, const char *words) {
  bool found = false;
  for (size_t i = 0; i < 6000 && !found; i++) {
    char *text = server_process_stderr(&e2e->server);
    assert_non_null(text);
    found = strstr(text, words) != NULL;
    free(text);
    poll(NULL, 0, found ? 0 : 10);
  }
  assert_true(found);
}

int e2e_begin_late(e2e_t *e2e) {
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, "GET /timer?ms=20000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  for (size_t i = 0; i < DEBUG_POLLS; i++) {
    if (debug_find(debug_capture(e2e), "Timeout", NULL) != NULL) {
      return fd;
    }
  }
  fail_msg("no Timeout in %s", e2e->answer.body.bytes);
  return -1;
}

int e2e_open_idle(e2e_t *e2e) {
  char answer[4097];
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assert_true(raw_socket_read_until(fd, "hello\n", 1, answer, 4096) > 0);
  return fd;
}

void e2e_await_end(int fd) {
  char *rest = e2e_raw_rest(fd);
  assert_string_equal(rest, "");
  free(rest);
  close(fd);
}

void e2e_start_by(const char *script) {
  char server[512], path[512];
  snprintf(server, sizeof(server), "%s", getenv("ASYNCSCOPE_SERVER_BINARY"));
  snprintf(path, sizeof(path), "%s/tests/e2e/%s",
           getenv("ASYNCSCOPE_SOURCE_DIR"), script);
  setenv("SERVER", server, 1);
  setenv("ASYNCSCOPE_TEST_SERVER", path, 1);
}

void e2e_pass(int fd, const char *count) {
  char number[16];
  int high = fcntl(fd, F_DUPFD, 100);
  assert_true(high >= 100);
  snprintf(number, sizeof(number), "%d", high);
  setenv("PASSED", number, 1);
  setenv("SOCKETS", count, 1);
  e2e_start_by("passed_socket.sh");
}
