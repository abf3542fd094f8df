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

static void another_path_is_not_found(void **state) {
  asyncscope_debug_t *debug;
  (void)state;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  answer_t answer =
      ask(debug, "/debug/", NULL, 404, "text/plain; charset=utf-8");
  assert_non_null(strstr(answer.text, "/debug/tree"));
  assert_int_equal(answer.text[answer.length - 1], '\n');
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
}

static void an_unknown_parameter_is_refused(void **state) {
  asyncscope_debug_t *debug;
  (void)state;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  answer_t answer =
      ask(debug, "/debug", "formta=json", 400, "text/plain; charset=utf-8");
  assert_non_null(strstr(answer.text, "unknown parameter"));
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_overview_is_json),
      cmocka_unit_test(options_are_copied),
      cmocka_unit_test(another_path_is_not_found),
      cmocka_unit_test(an_unknown_parameter_is_refused),
  };
  return test_main(tests, argc, argv);
}
