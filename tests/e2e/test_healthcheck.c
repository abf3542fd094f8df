/*
 * asyncscope --healthcheck: 0 when the server at --listen is well, 1 otherwise,
 * whoever is there in its place.
 */
#include "e2e.h"

#include "raw_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct check_s {
  server_process_t process;
  char address[64];
} check_t;

static void begin(check_t *check, const char *host, unsigned port) {
  const char *arguments[] = {"--healthcheck", "--listen", check->address, NULL};
  snprintf(check->address, sizeof(check->address), "%s:%u", host, port);
  memset(&check->process, 0, sizeof(check->process));
  assert_int_equal(server_process_spawn(&check->process, arguments, NULL), 0);
}

/* Its exit code; it says `why` when it is not 0. */
static int end(check_t *check, const char *why) {
  int code = -1;
  int error = server_process_await_exit(&check->process, &code);
  char *said = server_process_stderr(&check->process);
  server_process_finish(&check->process);
  assert_int_equal(error, 0);
  assert_non_null(said);
  e2e_assert_contains(said, why);
  free(said);
  return code;
}

static void a_server_that_is_well_is_0(void **state) {
  e2e_t *e2e = *state;
  check_t check;
  e2e_start(e2e, NULL);
  begin(&check, "127.0.0.1", e2e->server.port);
  assert_int_equal(end(&check, ""), 0);
}

/* A server that listens on every address is asked on this machine. */
static void every_address_means_this_machine(void **state) {
  e2e_t *e2e = *state;
  check_t check;
  e2e_start(e2e, NULL);
  begin(&check, "0.0.0.0", e2e->server.port);
  assert_int_equal(end(&check, ""), 0);
}

static void nobody_there_is_1(void **state) {
  check_t check;
  uint16_t port;
  int fd = raw_socket_listen(&port);
  (void)state;
  assert_true(fd >= 0);
  close(fd);
  begin(&check, "127.0.0.1", port);
  assert_int_equal(end(&check, "connection refused"), 1);
}

/* Somebody who answers so, whatever is asked. */
static int answered(const char *answer, const char *why) {
  check_t check;
  uint16_t port;
  int fd = raw_socket_listen(&port);
  char asked[1024];
  assert_true(fd >= 0);
  begin(&check, "127.0.0.1", port);
  int peer = accept(fd, NULL, NULL);
  assert_true(peer >= 0);
  assert_true(
      raw_socket_read_until(peer, "\r\n\r\n", 1, asked, sizeof(asked) - 1) > 0);
  assert_int_equal(raw_socket_write(peer, answer, strlen(answer)), 0);
  close(peer);
  int code = end(&check, why);
  close(fd);
  return code;
}

static void another_answer_is_1(void **state) {
  (void)state;
  assert_int_equal(
      answered("HTTP/1.1 503 Service Unavailable\r\n\r\n", "protocol error"),
      1);
}

static void no_answer_is_1(void **state) {
  (void)state;
  assert_int_equal(answered("HTTP/1.1", "end of file"), 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_server_that_is_well_is_0),
      cmocka_unit_test_of_server(every_address_means_this_machine),
      cmocka_unit_test_of_server(nobody_there_is_1),
      cmocka_unit_test_of_server(another_answer_is_1),
      cmocka_unit_test_of_server(no_answer_is_1),
  };
  return test_main(tests, argc, argv);
}
