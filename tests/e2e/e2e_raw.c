#include "e2e_raw.h"

#include "raw_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REST_BYTES (4u << 20)

int e2e_raw_open(const e2e_t *e2e) {
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  return fd;
}

void e2e_raw_send(int fd, const char *text) {
  assert_int_equal(raw_socket_write(fd, text, strlen(text)), 0);
}

char *e2e_raw_rest(int fd) {
  char *answer = malloc(REST_BYTES + 1);
  assert_non_null(answer);
  assert_true(raw_socket_read_all(fd, answer, REST_BYTES) >= 0);
  return answer;
}

char *e2e_raw_exchange(const e2e_t *e2e, const char *text) {
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, text);
  char *answer = e2e_raw_rest(fd);
  close(fd);
  return answer;
}

static void assert_starts(const char *answer, const char *status) {
  char start[32];
  snprintf(start, sizeof(start), "HTTP/1.1 %s ", status);
  if (strncmp(answer, start, strlen(start)) != 0) {
    fail_msg("\"%s\" does not start with \"%s\"", answer, start);
  }
}

void e2e_raw_await(int fd, const char *status) {
  char answer[4097];
  long length = raw_socket_read_until(fd, "\r\n\r\n", 1, answer, 4096);
  if (length < 0) {
    fail_msg("no head of an answer: %s, \"%s\"", strerror((int)-length),
             answer);
  }
  assert_starts(answer, status);
}

void e2e_raw_assert_status(const char *answer, const char *status) {
  assert_starts(answer, status);
  assert_null(strstr(answer, "\nHTTP/1.1 "));
}

void e2e_raw_expect(const e2e_t *e2e, const char *text, const char *status) {
  char *answer = e2e_raw_exchange(e2e, text);
  e2e_raw_assert_status(answer, status);
  free(answer);
}
