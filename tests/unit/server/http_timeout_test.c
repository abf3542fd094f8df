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
  assert_string_equal(http_fixture_notes(f), "handler:1 abort:1 end=ok/503:1 ");
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
      cmocka_unit_test_http(a_handler_that_does_not_answer_is_answered_for),
      cmocka_unit_test_http(a_kept_connection_is_closed_when_nothing_follows),
  };
  return test_main(tests, argc, argv);
}
