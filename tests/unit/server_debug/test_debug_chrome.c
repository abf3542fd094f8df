/* /debug/trace, as its readers take it. */
#include "asyncscope/worker_pool.h"
#include "chrome_rules.h"
#include "debug_fixture.h"

#include <string.h>

static json_t *ask_trace(scene_t *scene, const char *target) {
  answer_t answer = ask(scene->debug, target);
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "application/json");
  assert_memory_equal(answer.text, "{\"traceEvents\":[", 16);
  json_t *trace = answer_json(&answer);
  assert_non_null(trace);
  const char *broken = chrome_rules_broken(trace);
  if (broken != NULL)
    fail_msg("%s", broken);
  return trace;
}

static size_t count(const json_t *trace, const char *phase, const char *name) {
  size_t i, found = 0;
  const json_t *event;
  json_array_foreach(json_object_get(trace, "traceEvents"), i, event) {
    found += strcmp(json_text_of(event, "ph"), phase) == 0 &&
             strcmp(json_text_of(event, "name"), name) == 0;
  }
  return found;
}

static const json_t *find(const json_t *trace, const char *phase,
                          const char *name) {
  size_t i;
  const json_t *event;
  json_array_foreach(json_object_get(trace, "traceEvents"), i, event) {
    if (strcmp(json_text_of(event, "ph"), phase) == 0 &&
        strcmp(json_text_of(event, "name"), name) == 0)
      return event;
  }
  fail_msg("no %s of %s", phase, name);
  return NULL;
}

static void enter(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
}

static void a_scope_is_a_slice_of_its_thread(void **state) {
  scene_t *scene = *state;
  async_resource_t *outer = make(scene, "OUTER", 1);
  async_resource_t *inner = make(scene, "INNER", 1);
  enter(outer);
  enter(inner);
  async_resource_leave(inner);
  async_resource_leave(outer);
  json_t *trace = ask_trace(scene, "/debug/trace");
  assert_int_equal(count(trace, "X", "OUTER"), 1);
  assert_int_equal(count(trace, "X", "INNER"), 1);
  const json_t *slice = find(trace, "X", "INNER");
  assert_string_equal(json_text_of(slice, "cat"), "run");
  assert_string_equal(json_keys(json_object_get(slice, "args")), "");
  json_decref(trace);
}

static void a_scope_that_is_open_reaches_to_the_capture(void **state) {
  scene_t *scene = *state;
  async_resource_t *outer = make(scene, "OUTER", 1);
  async_resource_t *inner = make(scene, "INNER", 1);
  enter(outer);
  enter(inner);
  async_resource_leave(inner);
  json_t *trace = ask_trace(scene, "/debug/trace");
  async_resource_leave(outer);
  assert_string_equal(json_text_of(find(trace, "X", "OUTER"), "cat"),
                      "running");
  assert_string_equal(json_text_of(find(trace, "X", "INNER"), "cat"), "run");
  json_decref(trace);
}

static void a_life_is_a_pair_with_key_site_and_request(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make_for(scene, "KIND", 1, 7);
  char key[32];
  strncpy(key, key_of(resource), sizeof(key) - 1);
  key[sizeof(key) - 1] = '\0';
  end(scene, resource);
  json_t *trace = ask_trace(scene, "/debug/trace");
  const json_t *args = json_object_get(find(trace, "b", "KIND"), "args");
  assert_string_equal(json_text_of(args, "key"), key);
  assert_string_equal(json_text_of(args, "requestId"), "r7");
  assert_string_equal(json_text_of(json_object_get(args, "site"), "function"),
                      "init");
  assert_string_equal(json_text_of(find(trace, "e", "KIND"), "id"),
                      json_text_of(find(trace, "b", "KIND"), "id"));
  json_decref(trace);
}

static void a_flow_leads_from_the_maker_to_the_first_scope(void **state) {
  scene_t *scene = *state;
  async_resource_t *maker = make(scene, "MAKER", 1);
  enter(maker);
  async_resource_t *made = make(scene, "MADE", id_of(maker));
  async_resource_leave(maker);
  for (int i = 0; i < 2; i++) {
    enter(made);
    async_resource_leave(made);
  }
  json_t *trace = ask_trace(scene, "/debug/trace");
  assert_int_equal(count(trace, "s", "trigger"), 1);
  assert_int_equal(count(trace, "f", "trigger"), 1);
  assert_string_equal(json_text_of(find(trace, "f", "trigger"), "bp"), "e");
  json_decref(trace);
}

static void asyncscopes_own_is_hidden_unless_asked_for(void **state) {
  scene_t *scene = *state;
  async_resource_t *own = make_internal(scene, "OWN", 1);
  enter(own);
  json_t *trace = ask_trace(scene, "/debug/trace");
  assert_int_equal(count(trace, "b", "OWN") + count(trace, "X", "OWN"), 0);
  json_decref(trace);
  trace = ask_trace(scene, "/debug/trace?internal=1");
  async_resource_leave(own);
  assert_int_equal(count(trace, "b", "OWN"), 1);
  assert_int_equal(count(trace, "X", "OWN"), 1);
  json_decref(trace);
}

static void a_long_trace_comes_whole_in_many_chunks(void **state) {
  scene_t *scene = *state;
  enum { SCOPES = 200 };
  async_resource_t *resource = make(scene, "KIND", 1);
  for (int i = 0; i < SCOPES; i++) {
    enter(resource);
    async_resource_leave(resource);
  }
  json_t *trace = ask_trace(scene, "/debug/trace");
  assert_int_equal(count(trace, "X", "KIND"), SCOPES);
  json_decref(trace);
}

static void every_thread_says_what_it_still_has(void **state) {
  scene_t *scene = *state;
  make(scene, "KIND", 1);
  json_t *trace = ask_trace(scene, "/debug/trace?seconds=30");
  const json_t *data = json_object_get(trace, "otherData");
  const json_t *thread = json_array_get(json_object_get(data, "threads"), 0);
  assert_int_equal(json_integer_of(data, "spanUs"), 30 * INT64_C(1000000));
  assert_true(json_integer_of(thread, "events") >= 1);
  assert_int_equal(json_integer_of(thread, "leftOut"), 0);
  json_decref(trace);
}

static void an_hour_is_the_longest_span(void **state) {
  scene_t *scene = *state;
  json_decref(ask_trace(scene, "/debug/trace?seconds=3600"));
  answer_t answer = ask(scene->debug, "/debug/trace?seconds=3601");
  assert_int_equal(answer.status, 400);
  answer_free(&answer);
}

static void an_unknown_parameter_is_refused(void **state) {
  scene_t *scene = *state;
  answer_t answer = ask(scene->debug, "/debug/trace?limit=1");
  assert_int_equal(answer.status, 400);
  answer_free(&answer);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_scope_is_a_slice_of_its_thread),
      cmocka_unit_test_of_scene(a_scope_that_is_open_reaches_to_the_capture),
      cmocka_unit_test_of_scene(a_life_is_a_pair_with_key_site_and_request),
      cmocka_unit_test_of_scene(a_flow_leads_from_the_maker_to_the_first_scope),
      cmocka_unit_test_of_scene(asyncscopes_own_is_hidden_unless_asked_for),
      cmocka_unit_test_of_scene(a_long_trace_comes_whole_in_many_chunks),
      cmocka_unit_test_of_scene(every_thread_says_what_it_still_has),
      cmocka_unit_test_of_scene(an_hour_is_the_longest_span),
      cmocka_unit_test_of_scene(an_unknown_parameter_is_refused),
  };
  return test_main(tests, argc, argv);
}
