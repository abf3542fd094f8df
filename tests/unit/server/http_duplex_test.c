/* Answers that begin before the request's body has ended. */
#include "http_fixture.h"

#include <unistd.h>

#define POST "POST /duplex HTTP/1.1\r\n"

/* Sends the first half of a body, awaits it in the answer, then the rest. */
static void exchange(http_fixture_t *f, const char *fields, const char *rest) {
  int fd = raw_socket_connect(f->port);
  assert_true(fd >= 0);
  http_send(fd, POST "Transfer-Encoding: chunked\r\n");
  http_send(fd, fields);
  http_send(fd, "3\r\nhal\r\n");
  assert_true(raw_socket_read_until(fd, "3\r\nhal\r\n", 1, f->answer, 4096) >
              0);
  http_send(fd, rest);
  size_t size = strlen(f->answer);
  assert_true(raw_socket_read_all(fd, f->answer + size, 4096) >= 0);
  close(fd);
}

static void a_body_goes_on_while_it_is_answered(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  exchange(f, KEEP, "2\r\nlo\r\n0\r\n\r\nGET /hello HTTP/1.1\r\n" END);
  assert_non_null(
      strstr(f->answer, "3\r\nhal\r\n2\r\nlo\r\n0\r\n\r\nHTTP/1.1"));
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 end:1 close:1 end=ok/200:1 handler:2 "
                      "end=ok/200:2 ");
}

static void the_last_body_of_a_connection_goes_on_too(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  exchange(f, END, "2\r\nlo\r\n0\r\n\r\nGET /hello HTTP/1.1\r\n" END);
  assert_non_null(strstr(f->answer, "3\r\nhal\r\n2\r\nlo\r\n0\r\n\r\n"));
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 end:1 close:1 end=ok/200:1 ");
}

static void a_bad_chunk_cuts_the_answer(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  exchange(f, KEEP, "x\r\nGET /hello HTTP/1.1\r\n" END);
  assert_null(strstr(f->answer, "\r\n0\r\n"));
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=EINVAL/200:1 ");
}

/* The server stops reading when nobody reads what it has to say: the client
 * cannot send more than the kernel's buffers and ours take. */
static void a_peer_that_does_not_read_cannot_go_on_sending(void **state) {
  static const char chunk[] = "3e8\r\n";
  http_fixture_t *f = *state;
  char piece[1007];
  size_t sent = 0;
  memset(piece, 'x', sizeof(piece));
  memcpy(piece, chunk, 5);
  memcpy(piece + 1005, "\r\n", 2);
  f->options.limits.body_max_bytes = HTTP_BODY_MAX_CEILING;
  f->options.limits.write_timeout_ms = 300;
  http_fixture_start(f);
  int fd = raw_socket_connect(f->port);
  assert_true(fd >= 0);
  http_send(fd, POST "Transfer-Encoding: chunked\r\n" KEEP);
  while (raw_socket_write(fd, piece, sizeof(piece)) == 0) {
    sent += sizeof(piece);
  }
  close(fd);
  uv_sem_wait(&f->closes);
  assert_in_range(sent, 1, 64u << 20);
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=ETIMEDOUT/200:1 ");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(a_body_goes_on_while_it_is_answered),
      cmocka_unit_test_http(the_last_body_of_a_connection_goes_on_too),
      cmocka_unit_test_http(a_bad_chunk_cuts_the_answer),
      cmocka_unit_test_http(a_peer_that_does_not_read_cannot_go_on_sending),
  };
  return test_main(tests, argc, argv);
}
