#include "debug_fixture.h"
#include "schema_check.h"

#include <string.h>

static void options_are_copied(void **state) {
  (void)state;
  char name[] = "mine";
  char command[] = "prog";
  const asyncscope_debug_options_t options = {.tool_name = name,
                                              .command = command};
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  memset(name, 'x', sizeof(name) - 1);
  memset(command, 'x', sizeof(command) - 1);
  answer_t answer = ask(debug, "/debug/tree");
  assert_string_equal(answer.content_type, "text/plain; charset=utf-8");
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

static void another_path_is_not_found(void **state) {
  scene_t *scene = *state;
  static const char *const paths[] = {
      "/debug/", "/debug/none",  "/debugs",       "/",
      "//debug", "/debug/tree/", "/debug/%74ree", "/debug/resources/1:2/"};
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
    json_t *error = ask_error(scene, 404, "%s", paths[i]);
    assert_listed(json_object_get(error, "valid"), "/debug/tree");
    json_decref(error);
  }
}

/* The name under which the answer is kept; "" for none. */
static const char *file_of(scene_t *scene, const char *path,
                           const char *query) {
  const asyncscope_debug_request_t request = {.path = path, .query = query};
  asyncscope_debug_answer_t answer;
  const char *file = "";
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
  assert_int_equal(answer.status, 200);
  for (size_t i = 0; i < answer.field_count; i++)
    if (strcmp(answer.fields[i].name, "Content-Disposition") == 0)
      file = answer.fields[i].value;
  asyncscope_debug_stream_destroy(answer.stream);
  return file;
}

static void what_is_kept_as_a_file_has_a_name(void **state) {
  scene_t *scene = *state;
  assert_string_equal(file_of(scene, "/debug/trace", NULL),
                      "inline; filename=\"trace.json\"");
  assert_string_equal(file_of(scene, "/debug/pprof/resources", NULL),
                      "inline; filename=\"resources.pb.gz\"");
  assert_string_equal(
      file_of(scene, "/debug/pprof/resources", "format=speedscope"),
      "inline; filename=\"resources.speedscope.json\"");
  assert_string_equal(file_of(scene, "/debug", NULL), "");
}

static void a_part_that_is_no_key_is_not_found(void **state) {
  scene_t *scene = *state;
  static const char *const paths[] = {
      "/debug/resources/x",
      "/debug/resources/1",
      "/debug/resources/1:x",
      "/debug/resources/%zz",
      "/debug/resources/1%00:2",
      "/debug/resources/"
      "0000000000000000000000000000000000000000000000000000:1"};
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
    json_decref(ask_error(scene, 404, "%s", paths[i]));
}

static void a_key_may_be_escaped(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug/resources/%u%%3a%lld",
                              scene->thread, (long long)id_of(resource));
  json_decref(document);
}

static void an_unknown_parameter_is_refused_with_the_known_ones(void **state) {
  scene_t *scene = *state;
  json_t *error = ask_error(scene, 400, "/debug?formta=json");
  assert_string_equal(json_text_of(error, "problem"), "unknown parameter");
  assert_listed(json_object_get(error, "valid"), "format");
  json_decref(error);
}

static void a_bad_value_is_refused_with_the_good_ones(void **state) {
  scene_t *scene = *state;
  json_t *error = ask_error(scene, 400, "/debug/resources?sort=color");
  assert_string_equal(json_text_of(error, "parameter"), "sort");
  assert_listed(json_object_get(error, "valid"), "-age");
  json_decref(error);
  error = ask_error(scene, 400, "/debug/resources?limit=x");
  assert_int_equal(json_integer_of(error, "maximum"), 10000000);
  json_decref(error);
}

static void parameters_that_do_not_go_together_are_refused(void **state) {
  scene_t *scene = *state;
  static const char *const targets[] = {
      "/debug/resources?depth=1",
      "/debug?depth=1",
      "/debug/resources?sort=count&limit=200000",
      "/debug/resources?group_by=type&cursor=id~0~0:1",
      "/debug/resources?group_by=type&fields=type",
      "/debug/resources?group_by=type&depth=1",
      "/debug/tree?group_by=site"};
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
    answer_t answer = ask(scene->debug, targets[i]);
    assert_int_equal(answer.status, 400);
    assert_non_null(strchr(answer.text, '='));
    answer_free(&answer);
  }
}

static void a_thread_that_is_not_there_is_refused(void **state) {
  static const char *const targets[] = {
      "/debug/loops?loop=other", "/debug/resources?loop=tester",
      "/debug/threads?thread=nobody*", "/debug?thread=tester,99",
      "/debug/tree?loop=7&format=text"};
  scene_t *scene = *state;
  other_t loop = {.kind = ASYNC_ENV_LOOP, .name = "loop-0", .type = "A"};
  other_start(&loop);
  for (size_t i = 0; i < 4; i++) {
    bool of_loops = strstr(targets[i], "?loop=") != NULL;
    json_t *error = ask_error(scene, 400, "%s", targets[i]);
    assert_string_equal(json_text_of(error, "parameter"),
                        of_loops ? "loop" : "thread");
    assert_listed(json_object_get(error, "valid"),
                  of_loops ? "loop-0" : "tester");
    json_decref(error);
  }
  answer_t answer = ask(scene->debug, targets[4]);
  assert_int_equal(answer.status, 400);
  assert_non_null(strstr(answer.text, "\n  loop-0\n"));
  answer_free(&answer);
  other_stop(&loop);
  json_decref(ask_json(scene, "/debug/loops?loop=*"));
}

static json_int_t destroyed(scene_t *scene) {
  json_t *document = ask_json(scene, "/debug/resources?state=destroyed");
  json_int_t matched = json_integer_of(document, "matched");
  json_decref(document);
  return matched;
}

/* Whoever made it has not finished it. */
static void what_was_destroyed_is_shown_until_it_is_finished(void **state) {
  scene_t *scene = *state;
  async_resource_t *around = make(scene, "A", 1);
  async_resource_t *ended = make(scene, "B", 1);
  assert_int_equal(destroyed(scene), 0);
  assert_int_equal(async_resource_enter(around), 0);
  assert_int_equal(async_resource_emit_destroy(ended), 0);
  assert_int_equal(destroyed(scene), 1);
  async_resource_leave(around);
  async_env_flush();
  assert_int_equal(destroyed(scene), 1);
  end(scene, ended);
  assert_int_equal(destroyed(scene), 0);
}

static void a_code_that_is_none_is_refused_with_all_there_are(void **state) {
  scene_t *scene = *state;
  json_t *error = ask_error(scene, 400, "/debug/warnings?code=slow-*,typo");
  assert_string_equal(json_text_of(error, "parameter"), "code");
  json_t *warnings = ask_json(scene, "/debug/warnings?code=slow-*");
  size_t i;
  json_t *kind;
  json_array_foreach(json_object_get(warnings, "kinds"), i, kind) {
    assert_listed(json_object_get(error, "valid"), json_text_of(kind, "code"));
  }
  assert_int_equal(json_array_size(json_object_get(error, "valid")), i);
  json_decref(warnings);
  json_decref(error);
}

static void an_unknown_format_is_refused_with_the_known_ones(void **state) {
  scene_t *scene = *state;
  json_t *error = ask_error(scene, 400, "/debug?format=xml");
  assert_string_equal(json_text_of(error, "parameter"), "format");
  assert_listed(json_object_get(error, "valid"), "json");
  json_decref(error);
}

static void a_path_of_text_refuses_in_text(void **state) {
  scene_t *scene = *state;
  answer_t answer = ask(scene->debug, "/debug/tree?none=1");
  assert_int_equal(answer.status, 400);
  assert_string_equal(answer.content_type, "text/plain; charset=utf-8");
  assert_int_equal(strncmp(answer.text, "unknown parameter\nvalid:\n", 25), 0);
  assert_non_null(strstr(answer.text, "\n  format\n"));
  answer_free(&answer);
}

static void who_asked_for_text_is_refused_in_text(void **state) {
  static const char *const targets[] = {
      "/debug?none=1&format=text", "/debug/resources?format=text&limit=x",
      "/debug/requests?limit=x&format=text", "/debug/none?format=text"};
  scene_t *scene = *state;
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
    answer_t answer = ask(scene->debug, targets[i]);
    assert_int_equal(answer.status, i == 3 ? 404 : 400);
    assert_string_equal(answer.content_type, "text/plain; charset=utf-8");
    answer_free(&answer);
  }
  json_decref(ask_error(scene, 400, "/debug?none=1&xformat=text"));
}

static void a_client_of_text_is_refused_in_text(void **state) {
  scene_t *scene = *state;
  answer_t answer = ask_accepting(scene->debug, "/debug?none", "text/plain");
  assert_int_equal(answer.status, 400);
  assert_string_equal(answer.content_type, "text/plain; charset=utf-8");
  answer_free(&answer);
}

static void a_browser_is_led_to_all_paths(void **state) {
  scene_t *scene = *state;
  answer_t answer =
      ask_accepting(scene->debug, "/debug", "text/html,*/*;q=0.8");
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "text/html; charset=utf-8");
  assert_non_null(strstr(answer.text, "<a href=\"/debug/tree\">"));
  assert_non_null(
      strstr(answer.text, "<a href=\"/debug/graph?format=dot\">dot</a>"));
  assert_non_null(strstr(answer.text, "/debug/resources/KEY/why<"));
  assert_null(strstr(answer.text, "href=\"/debug/resources/KEY"));
  answer_free(&answer);
  answer = ask_accepting(scene->debug, "/debug?format=json", "text/html");
  assert_string_equal(answer.content_type, "application/json");
  answer_free(&answer);
}

static void a_browser_gets_a_page_of_every_document(void **state) {
  static const char *const paths[] = {
      "/debug/resources", "/debug/requests", "/debug/requests?state=finished",
      "/debug/threads",   "/debug/loops",    "/debug/warnings",
      "/debug/graph",     "/debug/runs"};
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "A", 1);
  assert_int_equal(async_resource_set_name(resource, "<b>&\"", 5), 0);
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
    answer_t answer =
        ask_accepting(scene->debug, paths[i], "text/html,*/*;q=0.8");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.content_type, "text/html; charset=utf-8");
    assert_int_equal(strncmp(answer.text, "<!doctype html>", 15), 0);
    assert_non_null(strstr(answer.text, "schemaVersion=1\n"));
    assert_null(strstr(answer.text, "<b>"));
    assert_int_equal(occurrences(answer.text, "</html>\n"), 1);
    answer_free(&answer);
    answer = ask_accepting(scene->debug, paths[i], "*/*");
    assert_string_equal(answer.content_type, "application/json");
    answer_free(&answer);
  }
  answer_t answer =
      ask_text(scene, "/debug/resources/%s?format=html", key_of(resource));
  assert_non_null(strstr(answer.text, "&lt;b&gt;&amp;"));
  answer_free(&answer);
}

/* No chunk ends in the middle of what it was. */
static void a_long_page_is_whole(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < 500; i++)
    make(scene, "<&>", 1);
  answer_t answer = ask_text(scene, "/debug/resources?format=html");
  assert_true(answer.chunks > 2);
  assert_int_equal(occurrences(answer.text, "type=&lt;&amp;&gt; "), 500);
  answer_free(&answer);
}

/* No script and no style of its own, and the program's names are text. */
static void a_page_is_safe(void **state) {
  (void)state;
  const asyncscope_debug_options_t options = {
      .tool_name = "<script>alert(1)</script>", .command = "\"'&\xff"};
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  answer_t answer = ask(debug, "/debug?format=html");
  assert_null(strstr(answer.text, "<script>"));
  assert_null(strstr(answer.text, "<style"));
  assert_null(strstr(answer.text, "style="));
  assert_non_null(strstr(answer.text, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  assert_non_null(strstr(answer.text, "\\&quot;&#39;&amp;\\xff"));
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
}

static void the_schema_is_served(void **state) {
  scene_t *scene = *state;
  answer_t answer = ask(scene->debug, "/debug/schema.json");
  assert_string_equal(answer.content_type, "application/schema+json");
  json_t *served = answer_json(&answer);
  json_t *published = schema_load();
  assert_true(json_equal(served, published));
  json_decref(served);
  json_decref(published);
}

static void the_end_stays_the_end(void **state) {
  scene_t *scene = *state;
  const asyncscope_debug_request_t request = {.path = "/debug/threads"};
  asyncscope_debug_answer_t answer;
  const char *chunk;
  size_t length = 0;
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
  do {
    assert_int_equal(
        asyncscope_debug_stream_next(answer.stream, &chunk, &length), 0);
  } while (length > 0);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(
        asyncscope_debug_stream_next(answer.stream, &chunk, &length), 0);
    assert_int_equal(length, 0);
  }
  asyncscope_debug_stream_destroy(answer.stream);
}

/* A slice of the walk does not cost more for what is behind it. */
static void a_long_look_lets_others_have_their_turn(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < SCENE_MAX; i++)
    make(scene, "Timeout", 1);
  answer_t answer = ask(scene->debug, "/debug/resources?limit=0");
  assert_int_equal(answer.status, 200);
  assert_true(answer.waits > 0);
  answer_free(&answer);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_are_copied),
      cmocka_unit_test_of_scene(another_path_is_not_found),
      cmocka_unit_test_of_scene(what_is_kept_as_a_file_has_a_name),
      cmocka_unit_test_of_scene(a_part_that_is_no_key_is_not_found),
      cmocka_unit_test_of_scene(a_key_may_be_escaped),
      cmocka_unit_test_of_scene(
          an_unknown_parameter_is_refused_with_the_known_ones),
      cmocka_unit_test_of_scene(a_bad_value_is_refused_with_the_good_ones),
      cmocka_unit_test_of_scene(parameters_that_do_not_go_together_are_refused),
      cmocka_unit_test_of_scene(
          what_was_destroyed_is_shown_until_it_is_finished),
      cmocka_unit_test_of_scene(a_thread_that_is_not_there_is_refused),
      cmocka_unit_test_of_scene(
          a_code_that_is_none_is_refused_with_all_there_are),
      cmocka_unit_test_of_scene(
          an_unknown_format_is_refused_with_the_known_ones),
      cmocka_unit_test_of_scene(a_path_of_text_refuses_in_text),
      cmocka_unit_test_of_scene(who_asked_for_text_is_refused_in_text),
      cmocka_unit_test_of_scene(a_client_of_text_is_refused_in_text),
      cmocka_unit_test_of_scene(a_browser_gets_a_page_of_every_document),
      cmocka_unit_test_of_scene(a_long_page_is_whole),
      cmocka_unit_test_of_scene(a_browser_is_led_to_all_paths),
      cmocka_unit_test(a_page_is_safe),
      cmocka_unit_test_of_scene(the_schema_is_served),
      cmocka_unit_test_of_scene(the_end_stays_the_end),
      cmocka_unit_test_of_scene(a_long_look_lets_others_have_their_turn),
  };
  return test_main(tests, argc, argv);
}
