/* What happens to those who keep the server waiting. Each test waits for the
 * end of the connection, which only the deadline can bring. */
#include "http_fixture.h"

#include <unistd.h>

static void a_silent_connection_is_closed_without_a_word(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.header_timeout_ms = 300;
  http_fixture_start(f);
  http_expect(f, "", "");
}

static void a_head_that_does_not_end_is_answered_408(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.header_timeout_ms = 1000; /* to be written in */
  http_fixture_start(f);
  http_expect(f, "GET /hello HTTP/1.1\r\nHost: a\r\n", "408");
  assert_string_equal(http_fixture_notes(f), "");
}

static void a_body_that_does_not_end_is_answered_408(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.request_timeout_ms = 300;
  http_fixture_start(f);
  http_expect(f, "POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" KEEP "hal",
              "408");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 data:1 abort:1 end=ok/408:1 ");
}

static void a_body_that_does_not_end_ends_the_answer_too(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.request_timeout_ms = 300;
  http_fixture_start(f);
  http_expect(f, "POST /duplex HTTP/1.1\r\nContent-Length: 5\r\n" KEEP "hal",
              "200");
  assert_null(strstr(f->answer, "\r\n0\r\n"));
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=ETIMEDOUT/200:1 ");
}

static void a_handler_that_does_not_answer_is_answered_for(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.handler_timeout_ms = 300;
  http_fixture_start(f);
  http_expect(f, "GET /never HTTP/1.1\r\n" KEEP, "503");
  assert_null(strstr(f->answer, "X-Never"));
  assert_string_equal(http_fixture_notes(f), "handler:1 abort:1 end=ok/503:1 ");
}

static void a_source_that_gives_nothing_is_late(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.handler_timeout_ms = 300;
  http_fixture_start(f);
  http_expect(f, "GET /stuck HTTP/1.1\r\n" KEEP, "200");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=ETIMEDOUT/200:1 ");
}

static size_t read_all(int fd) {
  static char bytes[65536];
  size_t size = 0;
  ssize_t got;

  while ((got = read(fd, bytes, sizeof(bytes))) > 0)
    size += (size_t)got;
  return size;
}

/* That much time has passed is seen by others, who are late. */
static void a_source_whose_peer_does_not_read_is_not_late(void **state) {
  http_fixture_t *f = *state;
  int fd;

  f->options.limits.handler_timeout_ms = 300;
  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /length?100000000 HTTP/1.1\r\n" END);
  http_expect(f, "GET /never HTTP/1.1\r\n" KEEP, "503");
  http_expect(f, "GET /never HTTP/1.1\r\n" KEEP, "503");
  assert_true(read_all(fd) > 100000000);
  close(fd);
}

static void a_kept_connection_is_closed_when_nothing_follows(void **state) {
  http_fixture_t *f = *state;

  f->options.limits.keep_alive_timeout_ms = 300;
  http_fixture_start(f);
  http_expect(f, "GET /hello HTTP/1.1\r\n" KEEP, "200");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(a_silent_connection_is_closed_without_a_word),
      cmocka_unit_test_http(a_head_that_does_not_end_is_answered_408),
      cmocka_unit_test_http(a_body_that_does_not_end_is_answered_408),
      cmocka_unit_test_http(a_body_that_does_not_end_ends_the_answer_too),
      cmocka_unit_test_http(a_source_that_gives_nothing_is_late),
      cmocka_unit_test_http(a_source_whose_peer_does_not_read_is_not_late),
      cmocka_unit_test_http(a_handler_that_does_not_answer_is_answered_for),
      cmocka_unit_test_http(a_kept_connection_is_closed_when_nothing_follows),
  };
  return test_main(tests, argc, argv);
}
