#include "e2e_raw.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN "correct-horse"

static void ask(e2e_t *e2e, long status, const char *host,
                const char *authorization) {
  const char *fields[3] = {host, authorization, NULL};
  http_request_t request = {.target = "/debug/tree", .fields = fields};
  const char *body = e2e_send(e2e, status, &request);
  if (status != 200) {
    assert_null(strstr(body, "TCPSERVERWRAP"));
    assert_non_null(strchr(body, '\n'));
    assert_int_equal(strcspn(body, "\n"), strlen(body) - 1);
  }
}

static void start_with_token(e2e_t *e2e) {
  e2e_start(e2e, "--debug-token", TOKEN);
}

static void loopback_is_let_in(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 200, NULL, NULL);
  ask(e2e, 200, "Host: localhost", NULL);
  ask(e2e, 200, "Host: localhost:8080", NULL);
  ask(e2e, 200, "Host: LOCALHOST", NULL);
  ask(e2e, 200, "Host: [::1]:8080", NULL);
  ask(e2e, 200, "Host: [::ffff:127.0.0.1]", NULL);
  ask(e2e, 200, "Host: 127.9.9.9", NULL);
}

static void a_foreign_host_is_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 403, "Host: evil.example", NULL);
  ask(e2e, 403, "Host: localhost.evil.example", NULL);
  ask(e2e, 403, "Host: localhost6", NULL);
  ask(e2e, 403, "Host: 127.0.0.1.evil.example", NULL);
  ask(e2e, 403, "Host: localhost.", NULL);
}

#define GET(target, host)                         \
  "GET " target " HTTP/1.1\r\nHost: " host "\r\n" \
  "Connection: close\r\n\r\n"

/* RFC 9112 3.2.2: then the field says nothing. */
static void the_host_is_that_of_an_absolute_target(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_raw_expect(e2e, GET("http://evil.example/debug/tree", "localhost"),
                 "403");
  e2e_raw_expect(e2e, GET("http://localhost/debug/tree", "evil.example"),
                 "200");
}

static void addresses_that_only_look_local_are_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 403, "Host: 10.0.2.555", NULL);
  ask(e2e, 403, "Host: 192.168.0.1", NULL);
  ask(e2e, 403, "Host: 0177.0.0.1", NULL);
  ask(e2e, 403, "Host: 0x7f.0.0.1", NULL);
  ask(e2e, 403, "Host: 2130706433", NULL);
  ask(e2e, 403, "Host: 127.1", NULL);
  ask(e2e, 403, "Host: 127.0.0.555", NULL);
  ask(e2e, 403, "Host: 0.0.0.0", NULL);
  ask(e2e, 403, "Host: [::]", NULL);
}

static void the_answer_to_a_stranger_says_how(void **state) {
  e2e_t *e2e = *state;
  static const char *const fields[] = {"Host: evil.example", NULL};
  http_request_t request = {.target = "/debug", .fields = fields};
  e2e_start(e2e, NULL);
  e2e_assert_contains(e2e_send(e2e, 403, &request), "token");
}

static void the_whole_of_debug_is_guarded(void **state) {
  e2e_t *e2e = *state;
  static const char *const paths[] = {
      "/debug",         "/debug/",          "/debug/tree",
      "/debug/graph",   "/debug/resources", "/debug/requests",
      "/debug/threads", "/debug/loops",     "/debug/warnings",
      "/debug/history", "/debug/runs",      "/debug/events",
      "/debug/log",     "/debug/trace",     "/debug/pprof/resources",
      "/metrics",       "/debug/none",      "/debug/schema.json"};
  static const char *const fields[] = {"Host: evil.example", NULL};
  http_request_t request = {.fields = fields};
  e2e_start(e2e, NULL);
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
    request.target = paths[i];
    e2e_send(e2e, 403, &request);
  }
  request.target = "/hello";
  e2e_send(e2e, 200, &request);
}

static void the_right_token_lets_a_foreign_host_in(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  ask(e2e, 200, "Host: evil.example", "Authorization: Bearer " TOKEN);
  ask(e2e, 200, "Host: evil.example", "Authorization: bearer " TOKEN);
}

static void a_wrong_token_is_refused(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  ask(e2e, 401, "Host: evil.example", "Authorization: Bearer wrong");
  ask(e2e, 401, "Host: evil.example", "Authorization: Bearer correct-hors");
  ask(e2e, 401, "Host: evil.example", "Authorization: Bearer " TOKEN "e");
  ask(e2e, 401, "Host: evil.example", "Authorization: Bearer");
  ask(e2e, 401, "Host: evil.example", "Authorization: Basic " TOKEN);
}

static void a_wrong_token_is_refused_on_loopback_too(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  ask(e2e, 401, "Host: localhost", "Authorization: Bearer wrong");
  ask(e2e, 401, "Host: localhost", "Authorization: Bearer " TOKEN " " TOKEN);
}

/* Which of them is meant would be a guess, and each proxy makes its own. */
static void a_token_that_is_shown_twice_is_a_wrong_one(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  e2e_raw_expect(e2e,
                 "GET /debug HTTP/1.1\r\nHost: localhost\r\n"
                 "Authorization: Bearer " TOKEN "\r\n"
                 "Authorization: Bearer " TOKEN "\r\n"
                 "Connection: close\r\n\r\n",
                 "401");
}

/* Only the field counts: an address is logged and kept, a cookie is sent by
 * whatever page asks. */
static void a_token_elsewhere_is_none(void **state) {
  e2e_t *e2e = *state;
  static const char *const foreign[] = {"Host: evil.example", NULL};
  static const char *const cookie[] = {"Host: evil.example",
                                       "Cookie: token=" TOKEN, NULL};
  http_request_t request = {.target = "/debug?token=" TOKEN, .fields = foreign};
  start_with_token(e2e);
  e2e_send(e2e, 401, &request);
  request.target = "/debug";
  request.fields = cookie;
  e2e_send(e2e, 401, &request);
}

static void a_longer_field_than_any_token_is_a_wrong_one(void **state) {
  e2e_t *e2e = *state;
  char field[2048] = "Authorization: Bearer " TOKEN;
  size_t length = strlen(field);
  memset(field + length, 'x', sizeof(field) - length - 1);
  start_with_token(e2e);
  ask(e2e, 401, "Host: localhost", field);
}

static void loopback_needs_no_token_where_there_is_one(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  ask(e2e, 200, "Host: localhost", NULL);
}

static void a_stranger_without_the_token_is_challenged(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  ask(e2e, 401, "Host: evil.example", NULL);
  e2e_assert_field(e2e, "WWW-Authenticate",
                   "Bearer realm=\"asyncscope debug\"");
}

static void a_page_of_another_origin_is_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 403, "Host: localhost", "Origin: http://evil.example");
  ask(e2e, 403, "Host: localhost", "Origin: null");
  ask(e2e, 403, "Host: localhost", "Origin;");
  ask(e2e, 403, "Host: localhost", "Origin: http://localhost:1");
  ask(e2e, 403, "Host: localhost", "Sec-Fetch-Site: cross-site");
  ask(e2e, 403, "Host: localhost", "Sec-Fetch-Site: same-site");
  ask(e2e, 403, "Host: localhost", "Sec-Fetch-Site;");
}

static void a_page_of_its_own_is_let_in(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 200, "Host: localhost:8080", "Origin: http://localhost:8080");
  ask(e2e, 200, "Host: localhost", "Sec-Fetch-Site: same-origin");
  ask(e2e, 200, "Host: localhost", "Sec-Fetch-Site: none");
}

static void fields_that_contradict_each_other_are_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_raw_expect(e2e,
                 "GET /debug HTTP/1.1\r\nHost: localhost\r\n"
                 "Origin: http://localhost\r\nOrigin: http://localhost\r\n"
                 "Connection: close\r\n\r\n",
                 "403");
  e2e_raw_expect(e2e,
                 "GET /debug HTTP/1.1\r\nHost: localhost\r\n"
                 "Sec-Fetch-Site: none\r\nSec-Fetch-Site: none\r\n"
                 "Connection: close\r\n\r\n",
                 "403");
}

/* A browser asks before it sends what a page may not: the answer must not say
 * that it may. */
static void no_page_is_told_that_it_may(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--debug-token", TOKEN);
  static const char *const asks[] = {
      "OPTIONS /debug HTTP/1.1\r\nHost: localhost\r\n"
      "Origin: http://evil.example\r\n"
      "Access-Control-Request-Method: GET\r\n"
      "Access-Control-Request-Headers: authorization\r\n"
      "Access-Control-Request-Private-Network: true\r\n"
      "Connection: close\r\n\r\n",
      "GET /debug HTTP/1.1\r\nHost: localhost\r\n"
      "Origin: http://evil.example\r\nAuthorization: Bearer " TOKEN "\r\n"
      "Connection: close\r\n\r\n"};
  for (size_t i = 0; i < 2; i++) {
    char *answer = e2e_raw_exchange(e2e, asks[i]);
    e2e_raw_assert_status(answer, i == 0 ? "403" : "200");
    assert_null(strcasestr(answer, "access-control-"));
    e2e_assert_contains(answer, "Cross-Origin-Resource-Policy: same-origin");
    free(answer);
  }
}

/* Nothing there can be changed, whoever asks. */
static void every_other_method_is_405(void **state) {
  e2e_t *e2e = *state;
  static const char *const methods[] = {"POST", "PUT", "DELETE", "PATCH",
                                        "OPTIONS"};
  start_with_token(e2e);
  for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
    http_request_t request = {.method = methods[i], .target = "/debug"};
    e2e_send(e2e, 405, &request);
    e2e_assert_field(e2e, "Allow", "GET, HEAD");
  }
}

/* Who is not let in does not learn that either. */
static void a_stranger_is_refused_before_the_method(void **state) {
  e2e_t *e2e = *state;
  static const char *const fields[] = {"Host: evil.example", NULL};
  http_request_t request = {
      .method = "POST", .target = "/debug", .fields = fields};
  start_with_token(e2e);
  e2e_send(e2e, 401, &request);
}

static void a_proxy_is_no_local_visitor(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 403, "Host: localhost", "X-Forwarded-For: 192.0.2.1");
  ask(e2e, 403, "Host: localhost", "x-forwarded-for: 127.0.0.1");
  ask(e2e, 403, "Host: localhost", "Forwarded: for=192.0.2.1");
  ask(e2e, 403, "Host: localhost", "X-Forwarded-For;");
  ask(e2e, 403, "Host: localhost", "Via: 1.1 proxy.example");
  ask(e2e, 403, "Host: localhost", "X-Real-IP: 192.0.2.1");
  ask(e2e, 403, "Host: localhost", "X-Forwarded-Host: public.example");
  ask(e2e, 403, "Host: localhost", "X-Forwarded-Proto: https");
  ask(e2e, 403, "Host: localhost", "X-Forwarded-Port: 443");
  ask(e2e, 403, "Host: localhost", "X-Client-IP: 192.0.2.1");
  ask(e2e, 403, "Host: localhost", "CF-Connecting-IP: 192.0.2.1");
  ask(e2e, 403, "Host: localhost", "True-Client-IP: 192.0.2.1");
}

static void a_proxy_with_the_token_is_let_in(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  ask(e2e, 401, "X-Forwarded-For: 192.0.2.1", NULL);
  ask(e2e, 200, "X-Forwarded-For: 192.0.2.1", "Authorization: Bearer " TOKEN);
}

static void the_token_appears_in_no_output(void **state) {
  e2e_t *e2e = *state;
  start_with_token(e2e);
  ask(e2e, 200, NULL, "Authorization: Bearer " TOKEN);
  assert_null(strstr(e2e_get(e2e, 200, "/debug"), TOKEN));
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  assert_non_null(log);
  assert_null(strstr(log, TOKEN));
  free(log);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(loopback_is_let_in),
      cmocka_unit_test_of_server(a_foreign_host_is_refused),
      cmocka_unit_test_of_server(the_host_is_that_of_an_absolute_target),
      cmocka_unit_test_of_server(addresses_that_only_look_local_are_refused),
      cmocka_unit_test_of_server(the_answer_to_a_stranger_says_how),
      cmocka_unit_test_of_server(the_whole_of_debug_is_guarded),
      cmocka_unit_test_of_server(the_right_token_lets_a_foreign_host_in),
      cmocka_unit_test_of_server(a_wrong_token_is_refused),
      cmocka_unit_test_of_server(a_wrong_token_is_refused_on_loopback_too),
      cmocka_unit_test_of_server(a_token_that_is_shown_twice_is_a_wrong_one),
      cmocka_unit_test_of_server(a_token_elsewhere_is_none),
      cmocka_unit_test_of_server(a_longer_field_than_any_token_is_a_wrong_one),
      cmocka_unit_test_of_server(loopback_needs_no_token_where_there_is_one),
      cmocka_unit_test_of_server(a_stranger_without_the_token_is_challenged),
      cmocka_unit_test_of_server(a_page_of_another_origin_is_refused),
      cmocka_unit_test_of_server(a_page_of_its_own_is_let_in),
      cmocka_unit_test_of_server(fields_that_contradict_each_other_are_refused),
      cmocka_unit_test_of_server(no_page_is_told_that_it_may),
      cmocka_unit_test_of_server(every_other_method_is_405),
      cmocka_unit_test_of_server(a_stranger_is_refused_before_the_method),
      cmocka_unit_test_of_server(a_proxy_is_no_local_visitor),
      cmocka_unit_test_of_server(a_proxy_with_the_token_is_let_in),
      cmocka_unit_test_of_server(the_token_appears_in_no_output),
  };
  return test_main(tests, argc, argv);
}
