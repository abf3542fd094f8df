#include "http_fixture.h"
#include "http_router.h"

static void route_get(void *arg, http_request_t *request,
                      http_response_t *response) {
  (void)arg;
  (void)request;
  http_response_send(response, 200, "text/plain", "got", 3);
}

static const http_route_t ROUTES[] = {
    {"/get", HTTP_METHOD_GET, route_get, "/get?a=1"},
    {"/post", HTTP_METHOD_POST, route_get, "/post"},
    {"/all", HTTP_METHOD_ALL, route_get, "/all"},
    {"/below/*", HTTP_METHOD_GET, route_get, "/below/it"},
    {"/in*side", HTTP_METHOD_GET, route_get, "/in*side"},
    {NULL, 0, NULL, NULL},
};

static void dispatch(void *data, http_request_t *request,
                     http_response_t *response) {
  http_router_dispatch(ROUTES, request, response, data);
}

static const char *ask(void **state, const char *request) {
  http_fixture_t *f = *state;

  f->options.callbacks.on_request = dispatch;
  http_fixture_start(f);
  return http_fixture_ask(f, request);
}

static void starts_with(const char *answer, const char *status) {
  assert_memory_equal(answer, "HTTP/1.1 ", 9);
  assert_memory_equal(answer + 9, status, 3);
}

static void a_path_has_its_handler(void **state) {
  starts_with(ask(state, "GET /get?x HTTP/1.1\r\n" END), "200");
}

static void head_is_answered_where_get_is(void **state) {
  starts_with(ask(state, "HEAD /get HTTP/1.1\r\n" END), "200");
}

static void an_unknown_path_lists_the_routes(void **state) {
  const char *answer = ask(state, "GET /none HTTP/1.1\r\n" END);

  starts_with(answer, "404");
  assert_non_null(strstr(answer, "  /get?a=1\n  /post\n  /all\n"));
}

static void a_path_is_compared_as_a_whole(void **state) {
  starts_with(ask(state, "GET /get/ HTTP/1.1\r\n" END), "404");
}

static void a_star_takes_what_begins_so(void **state) {
  starts_with(ask(state, "GET /below/a/b?c HTTP/1.1\r\n" END), "200");
}

static void a_star_that_is_not_the_last_is_itself(void **state) {
  starts_with(ask(state, "GET /inner HTTP/1.1\r\n" END), "404");
  starts_with(http_fixture_ask(*state, "GET /in*side HTTP/1.1\r\n" END), "200");
}

static void a_star_takes_the_bare_beginning(void **state) {
  starts_with(ask(state, "GET /below/ HTTP/1.1\r\n" END), "200");
}

static void a_star_takes_what_begins_with_one(void **state) {
  starts_with(ask(state, "GET /below/* HTTP/1.1\r\n" END), "200");
}

static void a_star_takes_what_begins_with_one_and_goes_on(void **state) {
  starts_with(ask(state, "GET /below/*a HTTP/1.1\r\n" END), "200");
}

static void a_star_takes_nothing_beside_its_beginning(void **state) {
  starts_with(ask(state, "GET /below HTTP/1.1\r\n" END), "404");
}

static void another_method_is_told_the_allowed_ones(void **state) {
  const char *answer = ask(state, "DELETE /get HTTP/1.1\r\n" END);

  starts_with(answer, "405");
  assert_non_null(strstr(answer, "Allow: GET, HEAD, OPTIONS\r\n"));
}

static void get_is_not_allowed_where_only_post_is(void **state) {
  const char *answer = ask(state, "GET /post HTTP/1.1\r\n" END);

  starts_with(answer, "405");
  assert_non_null(strstr(answer, "Allow: POST, OPTIONS\r\n"));
}

static void options_tells_the_allowed_methods(void **state) {
  const char *answer = ask(state, "OPTIONS /get HTTP/1.1\r\n" END);

  starts_with(answer, "204");
  assert_non_null(strstr(answer, "Allow: GET, HEAD, OPTIONS\r\n"));
  assert_null(strstr(answer, "Content-Length"));
}

static void options_goes_to_a_handler_that_wants_it(void **state) {
  starts_with(ask(state, "OPTIONS /all HTTP/1.1\r\n" END), "200");
}

static void options_for_the_whole_server_is_answered(void **state) {
  starts_with(ask(state, "OPTIONS * HTTP/1.1\r\n" END), "204");
}

static void the_path_of_an_absolute_target_counts(void **state) {
  starts_with(ask(state, "GET http://b/get HTTP/1.1\r\n" END), "200");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(a_path_has_its_handler),
      cmocka_unit_test_http(head_is_answered_where_get_is),
      cmocka_unit_test_http(an_unknown_path_lists_the_routes),
      cmocka_unit_test_http(a_path_is_compared_as_a_whole),
      cmocka_unit_test_http(a_star_takes_what_begins_so),
      cmocka_unit_test_http(a_star_that_is_not_the_last_is_itself),
      cmocka_unit_test_http(a_star_takes_the_bare_beginning),
      cmocka_unit_test_http(a_star_takes_what_begins_with_one),
      cmocka_unit_test_http(a_star_takes_what_begins_with_one_and_goes_on),
      cmocka_unit_test_http(a_star_takes_nothing_beside_its_beginning),
      cmocka_unit_test_http(another_method_is_told_the_allowed_ones),
      cmocka_unit_test_http(get_is_not_allowed_where_only_post_is),
      cmocka_unit_test_http(options_tells_the_allowed_methods),
      cmocka_unit_test_http(options_goes_to_a_handler_that_wants_it),
      cmocka_unit_test_http(options_for_the_whole_server_is_answered),
      cmocka_unit_test_http(the_path_of_an_absolute_target_counts),
  };
  return test_main(tests, argc, argv);
}
