/* What every answer has, whatever it is about, and whom it is refused. Below
 * it stands a double. */
#include "debug_double.h"
#include "debug_limits.h"
#include "listener_fixture.h"

#define TOKEN "correct-horse"

/* -- What every answer has ----------------------------------------------- */

static void assert_guarded(const listener_fixture_t *f) {
  listener_assert_has(f, "\r\nCache-Control: no-store\r\n");
  listener_assert_has(f, "\r\nX-Content-Type-Options: nosniff\r\n");
  listener_assert_has(f, "\r\nX-Frame-Options: DENY\r\n");
  listener_assert_has(f, "\r\nReferrer-Policy: no-referrer\r\n");
  listener_assert_has(f, "\r\nCross-Origin-Resource-Policy: same-origin\r\n");
  listener_assert_has(f, "\r\nContent-Security-Policy: default-src 'self';");
  listener_assert_lacks(f, "Access-Control-");
}

static void every_answer_is_guarded(void **state) {
  static const struct {
    int status;
    const char *request;
  } cases[] = {
      {200, "GET /debug HTTP/1.1\r\n" END},
      {200, "GET /debug HTTP/1.1\r\nOrigin: http://localhost\r\n" END},
      {200, "HEAD /debug HTTP/1.1\r\n" END},
      {404, "GET /debug/nothing HTTP/1.1\r\n" END},
      {405, "POST /debug HTTP/1.1\r\nContent-Length: 0\r\n" END},
      {401, "GET /debug HTTP/1.1\r\nAuthorization: Bearer wrong\r\n" END},
      {403, "GET /debug HTTP/1.1\r\nOrigin: http://evil.example\r\n" END},
      {503, "GET /debug/memory HTTP/1.1\r\n" END},
  };
  listener_fixture_t *f = *state;

  listener_start(f, TOKEN);
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    assert_int_equal(listener_status(f, cases[i].request), cases[i].status);
    assert_guarded(f);
  }
}

static void fields_of_the_answer_go_with_it(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  listener_ask(f, "GET /debug/fields HTTP/1.1\r\n" END);
  listener_assert_has(f, "\r\nContent-Disposition: attachment\r\n");
}

static void what_was_asked_is_handed_down(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  listener_ask(f, "GET /debug/question?a=%00&b HTTP/1.1\r\n"
                  "Accept: text/html\r\nLast-Event-ID: 17\r\n" END);
  listener_assert_has(f, "/debug/question\na=%00&b\ntext/html\n17\n");
  listener_ask(f, "GET /debug/question HTTP/1.1\r\n" END);
  listener_assert_has(f, "/debug/question\n\n\n\n");
}

static void head_has_no_body_and_leaves_nothing(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  assert_int_equal(listener_status(f, "HEAD /debug/large HTTP/1.1\r\n" END),
                   200);
  assert_string_equal(strstr(f->answer, "\r\n\r\n"), "\r\n\r\n");
  debug_double_await_destroyed();
  assert_int_equal(listener_status(f, "HEAD /debug/events HTTP/1.1\r\n" END),
                   200);
  debug_double_await_destroyed();
}

static void other_methods_are_not_allowed(void **state) {
  static const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH",
                                        "OPTIONS"};
  listener_fixture_t *f = *state;
  char request[128];

  listener_start(f, NULL);
  for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
    snprintf(request, sizeof(request),
             "%s /debug HTTP/1.1\r\nContent-Length: 0\r\n" END, methods[i]);
    assert_int_equal(listener_status(f, request), 405);
    listener_assert_has(f, "\r\nAllow: GET, HEAD\r\n");
  }
  assert_int_equal(debug_double_opened(), 0);
}

/* -- Who is refused ------------------------------------------------------ */

static void expect_refused(listener_fixture_t *f, int status,
                           const char *fields) {
  char request[4096];

  snprintf(request, sizeof(request),
           "GET /debug HTTP/1.1\r\nConnection: close\r\n%s\r\n", fields);
  assert_int_equal(listener_status(f, request), status);
  assert_int_equal(debug_double_opened(), 0);
}

static void a_name_that_was_rebound_is_refused(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  expect_refused(f, 403, "Host: evil.example\r\n");
  expect_refused(f, 403, "Host: localhost.evil.example\r\n");
  expect_refused(f, 403, "Host: 127.0.0.1.evil.example\r\n");
  expect_refused(f, 403, "Host: localhost6\r\n");
  expect_refused(f, 403, "Host: 0177.0.0.1\r\n");
  expect_refused(f, 403, "Host: 2130706433\r\n");
  expect_refused(f, 403, "Host: 192.168.0.1\r\n");
}

static void a_page_of_another_origin_is_refused(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  expect_refused(f, 403, "Host: localhost\r\nOrigin: http://evil.example\r\n");
  expect_refused(f, 403, "Host: localhost\r\nOrigin: null\r\n");
  expect_refused(f, 403, "Host: localhost\r\nSec-Fetch-Site: cross-site\r\n");
  expect_refused(f, 403, "Host: localhost\r\nSec-Fetch-Site: same-site\r\n");
}

static void a_proxy_is_refused(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  expect_refused(f, 403, "Host: localhost\r\nX-Forwarded-For: 127.0.0.1\r\n");
  expect_refused(f, 403, "Host: localhost\r\nForwarded: for=127.0.0.1\r\n");
}

static void fields_given_twice_are_not_absent(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, TOKEN);
  expect_refused(f, 401,
                 "Host: any.example\r\nAuthorization: Bearer wrong\r\n"
                 "Authorization: Bearer " TOKEN "\r\n");
  expect_refused(f, 403,
                 "Host: localhost\r\nOrigin: http://localhost\r\n"
                 "Origin: http://localhost\r\n");
}

static void fields_too_long_are_not_absent(void **state) {
  listener_fixture_t *f = *state;
  char fields[DEBUG_FIELD_BYTES + 64];
  int size = snprintf(fields, sizeof(fields), "Host: localhost\r\nOrigin: ");

  memset(fields + size, 'x', DEBUG_FIELD_BYTES);
  snprintf(fields + size + DEBUG_FIELD_BYTES, 3, "\r\n");
  listener_start(f, NULL);
  expect_refused(f, 403, fields);
}

static void a_stranger_learns_nothing_else(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, TOKEN);
  assert_int_equal(
      listener_status(f, "POST /debug HTTP/1.1\r\nHost: evil.example\r\n"
                         "Connection: close\r\nContent-Length: 0\r\n\r\n"),
      401);
  listener_assert_has(f, "\r\nWWW-Authenticate: Bearer realm=");
  assert_int_equal(listener_status(f, "GET /nothing HTTP/1.1\r\nConnection: "
                                      "close\r\nHost: evil.example\r\n\r\n"),
                   401);
}

static void the_token_opens_it_to_anybody(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, TOKEN);
  assert_int_equal(
      listener_status(f, "GET /debug HTTP/1.1\r\nHost: any.example\r\n"
                         "Authorization: Bearer " TOKEN "\r\n"
                         "Connection: close\r\n\r\n"),
      200);
}

/* -- What it does unasked -------------------------------------------------- */

/* At once, so that the first second has a beginning, and again. */
static void the_history_is_kept_though_nobody_asks(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  debug_double_await_sampled();
  debug_double_await_sampled();
  assert_int_equal(debug_double_opened(), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_double(every_answer_is_guarded),
      cmocka_unit_test_double(the_history_is_kept_though_nobody_asks),
      cmocka_unit_test_double(fields_of_the_answer_go_with_it),
      cmocka_unit_test_double(what_was_asked_is_handed_down),
      cmocka_unit_test_double(head_has_no_body_and_leaves_nothing),
      cmocka_unit_test_double(other_methods_are_not_allowed),
      cmocka_unit_test_double(a_name_that_was_rebound_is_refused),
      cmocka_unit_test_double(a_page_of_another_origin_is_refused),
      cmocka_unit_test_double(a_proxy_is_refused),
      cmocka_unit_test_double(fields_given_twice_are_not_absent),
      cmocka_unit_test_double(fields_too_long_are_not_absent),
      cmocka_unit_test_double(a_stranger_learns_nothing_else),
      cmocka_unit_test_double(the_token_opens_it_to_anybody),
  };
  return test_main(tests, argc, argv);
}
