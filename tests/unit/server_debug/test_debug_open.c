#include "debug_fixture.h"

#include <string.h>

/* The whole answer to `path` with `query`, of `debug`. */
static answer_t ask(asyncscope_debug_t *debug, const char *path,
                    const char *query, int status, const char *type) {
  const asyncscope_debug_request_t request = {.path = path, .query = query};
  asyncscope_debug_answer_t answer;

  assert_int_equal(asyncscope_debug_open(debug, &request, &answer), 0);
  assert_int_equal(answer.status, status);
  assert_string_equal(answer.content_type, type);
  return read_answer(answer.stream);
}

static void an_overview_is_json(void **state) {
  asyncscope_debug_t *debug;
  (void)state;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  answer_t answer = ask(debug, "/debug", NULL, 200, "application/json");
  json_t *document = answer_json(&answer);
  assert_non_null(document);
  json_decref(document);
  asyncscope_debug_destroy(debug);
}

static void options_are_copied(void **state) {
  char name[] = "mine";
  char command[] = "prog";
  asyncscope_debug_options_t options = {.tool_name = name, .command = command};
  asyncscope_debug_t *debug;
  (void)state;
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  memset(name, 'x', sizeof(name) - 1);
  memset(command, 'x', sizeof(command) - 1);
  answer_t answer =
      ask(debug, "/debug/tree", "", 200, "text/plain; charset=utf-8");
  assert_int_equal(strncmp(answer.text, "mine ", 5), 0);
  assert_non_null(strstr(answer.text, "  prog, pid "));
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
}

static void assert_listed(const json_t *list, const char *text) {
  size_t i;
  json_t *item;
  json_array_foreach(list, i, item) {
    if (strcmp(json_string_value(item), text) == 0)
      return;
  }
  fail_msg("no %s in the list", text);
}

/* The error of an answer that is JSON. */
static json_t *ask_error(const char *path, const char *query, int status) {
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  answer_t answer = ask(debug, path, query, status, "application/json");
  assert_int_equal(answer.text[answer.length - 1], '\n');
  json_t *document = answer_json(&answer);
  json_t *error = json_incref(json_object_get(document, "error"));
  assert_int_equal(json_integer_value(json_object_get(error, "status")),
                   status);
  json_decref(document);
  asyncscope_debug_destroy(debug);
  return error;
}

static void another_path_is_not_found(void **state) {
  static const char *const paths[] = {
      "/debug/", "/debug/none", "/debugs", "/", "", "//debug", "/debug/tree/"};
  (void)state;
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
    json_t *error = ask_error(paths[i], NULL, 404);
    assert_listed(json_object_get(error, "valid"), "/debug/tree");
    json_decref(error);
  }
}

static void an_unknown_parameter_is_refused_with_the_known_ones(void **state) {
  (void)state;
  json_t *error = ask_error("/debug", "formta=json", 400);
  assert_string_equal(json_text_of(error, "problem"), "unknown parameter");
  assert_listed(json_object_get(error, "valid"), "format");
  json_decref(error);
}

static void an_unknown_format_is_refused_with_the_known_ones(void **state) {
  (void)state;
  json_t *error = ask_error("/debug", "format=xml", 400);
  assert_string_equal(json_text_of(error, "parameter"), "format");
  assert_listed(json_object_get(error, "valid"), "json");
  json_decref(error);
}

static void a_path_of_text_refuses_in_text(void **state) {
  asyncscope_debug_t *debug;
  (void)state;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  answer_t answer =
      ask(debug, "/debug/tree", "none=1", 400, "text/plain; charset=utf-8");
  assert_int_equal(strncmp(answer.text, "unknown parameter\nvalid:\n", 25), 0);
  assert_non_null(strstr(answer.text, "\n  format\n"));
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
}

static void a_client_of_text_is_refused_in_text(void **state) {
  const asyncscope_debug_request_t request = {
      .path = "/debug", .query = "none", .accept = "text/plain"};
  asyncscope_debug_t *debug;
  asyncscope_debug_answer_t answer;
  (void)state;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  assert_int_equal(asyncscope_debug_open(debug, &request, &answer), 0);
  assert_string_equal(answer.content_type, "text/plain; charset=utf-8");
  asyncscope_debug_stream_destroy(answer.stream);
  asyncscope_debug_destroy(debug);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_overview_is_json),
      cmocka_unit_test(options_are_copied),
      cmocka_unit_test(another_path_is_not_found),
      cmocka_unit_test(an_unknown_parameter_is_refused_with_the_known_ones),
      cmocka_unit_test(an_unknown_format_is_refused_with_the_known_ones),
      cmocka_unit_test(a_path_of_text_refuses_in_text),
      cmocka_unit_test(a_client_of_text_is_refused_in_text),
  };
  return test_main(tests, argc, argv);
}
