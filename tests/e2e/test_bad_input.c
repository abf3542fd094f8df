#include "e2e.h"

#include <stdlib.h>
#include <string.h>

/* 400, and the answer begins with the parameter's name. */
static void assert_bad(e2e_t *e2e, const char *target, const char *name) {
  const char *body = e2e_get(e2e, 400, target);
  size_t length = strlen(name);
  if (strncmp(body, name, length) != 0 || body[length] != ':') {
    fail_msg("%s: no \"%s:\" in \"%s\"", target, name, body);
  }
}

static void timer_refuses_what_is_no_time(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/timer?ms=soon", "ms");
  assert_bad(e2e, "/timer?ms=", "ms");
  assert_bad(e2e, "/timer?ms=-1", "ms");
  assert_bad(e2e, "/timer?ms=1.5", "ms");
  assert_bad(e2e, "/timer?ms=5x", "ms");
  assert_bad(e2e, "/timer?ms=%2000", "ms");
  assert_bad(e2e, "/timer?ms=18446744073709551617", "ms");
}

static void timer_refuses_more_than_it_can_wait(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/timer?ms=9223372036854775807", "ms");
}

static void sum_refuses_what_is_no_number(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/sum?a=x&b=1", "a");
  assert_bad(e2e, "/sum?a=1&b=0x10", "b");
  assert_bad(e2e, "/sum?a=1&b=", "b");
}

static void sum_refuses_a_sum_that_does_not_fit(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/sum?a=9223372036854775807&b=1", "a, b");
  assert_bad(e2e, "/sum?a=-9223372036854775808&b=-1", "a, b");
}

static void sum_refuses_numbers_that_do_not_fit(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/sum?a=99999999999999999999&b=1", "a");
}

static void file_refuses_an_empty_path(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/file?path=", "path");
}

static void file_refuses_a_path_with_a_nul(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/file?path=README.md%00.txt", "path");
}

static void lookup_refuses_an_empty_host(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/lookup?host=", "host");
}

static void lookup_refuses_a_host_with_a_nul(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/lookup?host=localhost%00x", "host");
}

static void lookup_refuses_what_is_no_name(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/lookup?host=a%20b", "host");
}

static void flow_refuses_a_sum_that_does_not_fit(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--root", getenv("ASYNCSCOPE_SOURCE_DIR"));
  assert_bad(e2e, "/flow?a=9223372036854775807&b=1", "a, b");
}

static void flow_names_the_parameter_that_is_bad(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/flow?ms=never", "ms");
  assert_bad(e2e, "/flow?a=one", "a");
  assert_bad(e2e, "/flow?b=two", "b");
  assert_bad(e2e, "/flow?path=", "path");
}

/* What the client wrote is not repeated to it. */
static void unknown_parameters_get_the_list_of_known_ones(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_assert_contains(e2e_get(e2e, 400, "/timer?sm=50"), "known here: ms");
  e2e_assert_contains(e2e_get(e2e, 400, "/sum?a=1&c=2"), "known here: a, b");
  e2e_assert_contains(e2e_get(e2e, 400, "/context?a=1"), "known here: none");
  e2e_assert_contains(e2e_get(e2e, 400, "/debug?formta=json"), "unknown");
}

static void parameters_given_twice_are_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/timer?ms=1&ms=2", "ms");
}

static void broken_percent_signs_are_refused(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_bad(e2e, "/file?path=%zz", "path");
  assert_bad(e2e, "/file?path=a%4", "path");
}

static void unknown_paths_get_the_list_of_routes(void **state) {
  e2e_t *e2e = *state;
  static const char *const routes[] = {
      "/hello", "/timer",   "/file",   "/lookup", "/sum",       "/flow",
      "/echo",  "/healthz", "/readyz", "/debug",  "/debug/tree"};
  e2e_start(e2e, NULL);
  const char *body = e2e_get(e2e, 404, "/nowhere");
  for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
    e2e_assert_contains(body, routes[i]);
  }
}

static void paths_below_a_route_are_unknown(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 404, "/hello/");
  e2e_get(e2e, 404, "/hello/world");
  e2e_get(e2e, 404, "/hell");
  e2e_get(e2e, 404, "/");
}

static void other_methods_get_405_with_allow(void **state) {
  e2e_t *e2e = *state;
  static const char *const targets[] = {"/hello",   "/timer", "/file",
                                        "/lookup",  "/sum",   "/flow",
                                        "/healthz", "/readyz"};
  e2e_start(e2e, NULL);
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
    http_request_t request = {.method = "DELETE", .target = targets[i]};
    e2e_send(e2e, 405, &request);
    e2e_assert_field(e2e, "Allow", "GET, HEAD, OPTIONS");
  }
}

static void debug_is_only_read(void **state) {
  e2e_t *e2e = *state;
  static const char *const targets[] = {"/debug/tree", "/debug", "/debug/x"};
  e2e_start(e2e, NULL);
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
    http_request_t request = {.method = "DELETE", .target = targets[i]};
    e2e_send(e2e, 405, &request);
    e2e_assert_field(e2e, "Allow", "GET, HEAD");
  }
}

static void a_refused_body_does_not_become_the_next_request(void **state) {
  e2e_t *e2e = *state;
  static const char body[] = "GET /timer HTTP/1.1\r\nHost: x\r\n\r\n";
  http_request_t request = {
      .target = "/hello", .body = body, .body_bytes = sizeof(body) - 1};
  e2e_start(e2e, NULL);
  e2e_send(e2e, 405, &request);
  e2e_assert_contains(e2e_get(e2e, 200, "/hello"), "hello");
}

static void missing_files_get_404(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--root", e2e_directory(e2e));
  e2e_get(e2e, 404, "/file?path=missing");
  e2e_get(e2e, 404, "/file?path=missing/below");
  e2e_get(e2e, 404, "/flow?path=missing");
}

/* The pool's hop comes after the file's: nothing of it may be left. */
static void flow_without_its_file_leaves_nothing(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--root", e2e_directory(e2e));
  e2e_get(e2e, 404, "/flow?ms=1&path=missing");
  e2e_get(e2e, 200, "/hello");
}

static void echo_takes_one_mebibyte(void **state) {
  e2e_t *e2e = *state;
  size_t length = 1u << 20;
  char *body = malloc(length);
  assert_non_null(body);
  memset(body, 'x', length);
  body[length - 1] = 'y';
  e2e_start(e2e, NULL);
  http_request_t request = {
      .target = "/echo", .body = body, .body_bytes = length};
  const char *answer = e2e_send(e2e, 200, &request);
  assert_int_equal(e2e->answer.body.length, length);
  assert_int_equal(memcmp(answer, body, length), 0);
  free(body);
}

static void assert_too_large(e2e_t *e2e, const char *const *fields) {
  size_t length = (1u << 20) + 1;
  char *body = calloc(1, length);
  assert_non_null(body);
  e2e_start(e2e, NULL);
  http_request_t request = {
      .target = "/echo", .fields = fields, .body = body, .body_bytes = length};
  e2e_send(e2e, 413, &request);
  free(body);
  e2e_get(e2e, 200, "/hello");
}

static void echo_refuses_one_byte_more(void **state) {
  assert_too_large(*state, NULL);
}

static void echo_refuses_one_byte_more_in_chunks(void **state) {
  static const char *const fields[] = {"Transfer-Encoding: chunked", NULL};
  assert_too_large(*state, fields);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(timer_refuses_what_is_no_time),
      cmocka_unit_test_of_server(timer_refuses_more_than_it_can_wait),
      cmocka_unit_test_of_server(sum_refuses_what_is_no_number),
      cmocka_unit_test_of_server(sum_refuses_a_sum_that_does_not_fit),
      cmocka_unit_test_of_server(sum_refuses_numbers_that_do_not_fit),
      cmocka_unit_test_of_server(file_refuses_an_empty_path),
      cmocka_unit_test_of_server(file_refuses_a_path_with_a_nul),
      cmocka_unit_test_of_server(lookup_refuses_an_empty_host),
      cmocka_unit_test_of_server(lookup_refuses_a_host_with_a_nul),
      cmocka_unit_test_of_server(lookup_refuses_what_is_no_name),
      cmocka_unit_test_of_server(flow_refuses_a_sum_that_does_not_fit),
      cmocka_unit_test_of_server(flow_names_the_parameter_that_is_bad),
      cmocka_unit_test_of_server(unknown_parameters_get_the_list_of_known_ones),
      cmocka_unit_test_of_server(parameters_given_twice_are_refused),
      cmocka_unit_test_of_server(broken_percent_signs_are_refused),
      cmocka_unit_test_of_server(unknown_paths_get_the_list_of_routes),
      cmocka_unit_test_of_server(paths_below_a_route_are_unknown),
      cmocka_unit_test_of_server(other_methods_get_405_with_allow),
      cmocka_unit_test_of_server(debug_is_only_read),
      cmocka_unit_test_of_server(
          a_refused_body_does_not_become_the_next_request),
      cmocka_unit_test_of_server(missing_files_get_404),
      cmocka_unit_test_of_server(flow_without_its_file_leaves_nothing),
      cmocka_unit_test_of_server(echo_takes_one_mebibyte),
      cmocka_unit_test_of_server(echo_refuses_one_byte_more),
      cmocka_unit_test_of_server(echo_refuses_one_byte_more_in_chunks),
  };
  return test_main(tests, argc, argv);
}
