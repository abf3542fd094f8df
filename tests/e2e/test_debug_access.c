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
}

static void a_foreign_host_is_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 403, "Host: evil.example", NULL);
  ask(e2e, 403, "Host: localhost.evil.example", NULL);
  ask(e2e, 403, "Host: localhost6", NULL);
  ask(e2e, 403, "Host: 127.0.0.1.evil.example", NULL);
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
  static const char *const fields[] = {"Host: evil.example", NULL};
  http_request_t request = {.target = "/debug", .fields = fields};
  e2e_start(e2e, NULL);
  e2e_send(e2e, 403, &request);
  request.target = "/debug/";
  http_answer_finish(&e2e->answer);
  http_client_send(&e2e->client, &request, &e2e->answer);
  assert_true(e2e->answer.status == 403 || e2e->answer.status == 404);
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
  ask(e2e, 403, "Host: localhost", "Sec-Fetch-Site: cross-site");
}

static void a_proxy_is_no_local_visitor(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  ask(e2e, 403, "Host: localhost", "X-Forwarded-For: 192.0.2.1");
  ask(e2e, 403, "Host: localhost", "x-forwarded-for: 127.0.0.1");
  ask(e2e, 403, "Host: localhost", "Forwarded: for=192.0.2.1");
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
      cmocka_unit_test_of_server(loopback_needs_no_token_where_there_is_one),
      cmocka_unit_test_of_server(a_stranger_without_the_token_is_challenged),
      cmocka_unit_test_of_server(a_page_of_another_origin_is_refused),
      cmocka_unit_test_of_server(a_proxy_is_no_local_visitor),
      cmocka_unit_test_of_server(a_proxy_with_the_token_is_let_in),
      cmocka_unit_test_of_server(the_token_appears_in_no_output),
  };
  return test_main(tests, argc, argv);
}
