#include "debug_fixture.h"
#include "thread_ids.h"

#include <string.h>

static const json_t *own(const json_t *document) {
  return json_named(document, "threads", "name", "tester");
}

static void a_thread_shows_its_stack_and_ids(void **state) {
  scene_t *scene = *state;
  async_resource_t *outer = make(scene, "A", 1);
  async_resource_t *inner = make_for(scene, "B", 1, 12);
  make_internal(scene, "C", 1);
  assert_int_equal(async_resource_enter(outer), 0);
  assert_int_equal(async_resource_enter(inner), 0);
  json_t *document = ask_json(scene, "/debug/threads");
  async_resource_leave(inner);
  async_resource_leave(outer);
  const json_t *thread = own(document);
  const json_t *current = json_object_get(thread, "current");
  const json_t *stack = json_object_get(thread, "executionStack");
  const json_t *ids = json_object_get(thread, "asyncIds");
  assert_string_equal(json_keys(current),
                      "key asyncId type requestId site sinceUs ");
  assert_string_equal(json_text_of(current, "key"), key_of(inner));
  assert_string_equal(json_text_of(current, "requestId"), "r12");
  assert_int_equal(json_integer_value(json_array_get(stack, 0)), id_of(outer));
  assert_int_equal(json_integer_value(json_array_get(stack, 1)), id_of(inner));
  assert_int_equal(json_array_size(ids), 2);
  assert_int_equal(json_integer_value(json_array_get(ids, 1)), id_of(inner));
  assert_string_equal(json_string_value(json_array_get(
                          json_object_get(thread, "requestIds"), 0)),
                      "r12");
  assert_null(json_object_get(thread, "stack"));
  json_decref(document);
}

static void a_stack_is_shown_in_full_where_asked_for(void **state) {
  scene_t *scene = *state;
  async_resource_t *outer = make(scene, "A", 1);
  async_resource_t *inner = make(scene, "B", 1);
  assert_int_equal(async_resource_enter(outer), 0);
  assert_int_equal(async_resource_enter(inner), 0);
  json_t *document = ask_json(scene, "/debug/threads?include=stacks");
  async_resource_leave(inner);
  async_resource_leave(outer);
  const json_t *stack = json_object_get(own(document), "stack");
  assert_int_equal(json_array_size(stack), 2);
  assert_string_equal(json_text_of(json_array_get(stack, 0), "type"), "A");
  assert_string_equal(json_text_of(json_array_get(stack, 1), "type"), "B");
  json_decref(document);
}

static void a_stack_deeper_than_published_names_no_current(void **state) {
  scene_t *scene = *state;
  for (int i = 0; i < 70; i++)
    assert_int_equal(async_resource_enter(make(scene, "A", 1)), 0);
  json_t *document = ask_json(scene, "/debug/threads");
  for (size_t i = 70; i > 0; i--)
    async_resource_leave(&scene->resources[i - 1]);
  const json_t *thread = own(document);
  assert_null(json_object_get(thread, "current"));
  assert_int_equal(json_array_size(json_object_get(thread, "executionStack")),
                   64);
  assert_int_equal(json_integer_of(thread, "executionStackDepth"), 70);
  json_decref(document);
}

static void lists_are_sorted_and_cut_at_the_limit(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 0; i < 1500; i++)
    make_for(scene, "A", 1, 1500 - i % 750);
  json_t *document = ask_json(scene, "/debug/threads?limit=2000");
  const json_t *ids = json_object_get(own(document), "asyncIds");
  const json_t *requests = json_object_get(own(document), "requestIds");
  assert_int_equal(json_array_size(ids), 1000);
  for (size_t i = 0; i < 1000; i++)
    assert_int_equal(json_integer_value(json_array_get(ids, i)),
                     scene->first + (async_id_t)i);
  assert_int_equal(json_array_size(requests), 750);
  assert_string_equal(json_string_value(json_array_get(requests, 0)), "r751");
  assert_string_equal(json_string_value(json_array_get(requests, 749)),
                      "r1500");
  assert_int_equal(
      json_integer_of(json_object_get(own(document), "counts"), "live"), 1500);
  json_decref(document);
  document = ask_json(scene, "/debug/threads?limit=3");
  assert_int_equal(
      json_array_size(json_object_get(own(document), "requestIds")), 3);
  json_decref(document);
}

/* More of them than are kept, the smallest last. */
static void the_first_requests_are_kept(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 0; i < 1200; i++)
    make_for(scene, "A", 1, 1200 - i);
  json_t *document = ask_json(scene, "/debug/threads");
  const json_t *requests = json_object_get(own(document), "requestIds");
  assert_int_equal(json_array_size(requests), 1000);
  assert_string_equal(json_string_value(json_array_get(requests, 0)), "r1");
  assert_string_equal(json_string_value(json_array_get(requests, 999)),
                      "r1000");
  json_decref(document);
}

static void loops_are_the_threads_that_run_one(void **state) {
  scene_t *scene = *state;
  other_t loop = {.kind = ASYNC_ENV_LOOP,
                  .name = "loop-7",
                  .type = "A",
                  .cause = {ASYNC_THREAD_NONE, 0}};
  other_start(&loop);
  json_t *document = ask_json(scene, "/debug/loops");
  json_t *one = ask_json(scene, "/debug/threads?thread=loop-*");
  other_stop(&loop);
  assert_int_equal(json_array_size(json_object_get(document, "loops")), 1);
  const json_t *shown = json_named(document, "loops", "name", "loop-7");
  assert_int_equal(
      json_integer_of(json_object_get(shown, "loop"), "iterations"), 0);
  assert_int_equal(json_array_size(json_object_get(one, "threads")), 1);
  json_decref(document);
  json_decref(one);
}

static void who_is_shown_a_part_is_told_that_there_is_more(void **state) {
  scene_t *scene = *state;
  make_for(scene, "A", 1, 7);
  make_for(scene, "A", 1, 8);
  json_t *document = ask_json(scene, "/debug/threads?limit=1");
  const json_t *thread =
      json_array_get(json_object_get(document, "threads"), 0);
  assert_int_equal(json_array_size(json_object_get(thread, "asyncIds")), 1);
  assert_int_equal(json_array_size(json_object_get(thread, "requestIds")), 1);
  assert_true(json_is_true(json_object_get(thread, "truncated")));
  json_decref(document);
  document = ask_json(scene, "/debug/threads?limit=2");
  thread = json_array_get(json_object_get(document, "threads"), 0);
  assert_true(json_is_false(json_object_get(thread, "truncated")));
  json_decref(document);
}

static void of_more_requests_than_are_kept_the_rest_is_told_of(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 0; i <= DEBUG_THREAD_IDS; i++)
    make_for(scene, "A", 1, DEBUG_THREAD_IDS + 1 - i);
  json_t *document = ask_json(scene, "/debug/threads?limit=100000");
  const json_t *thread =
      json_array_get(json_object_get(document, "threads"), 0);
  assert_int_equal(json_array_size(json_object_get(thread, "requestIds")),
                   DEBUG_THREAD_IDS);
  assert_true(json_is_true(json_object_get(thread, "truncated")));
  json_decref(document);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_thread_shows_its_stack_and_ids),
      cmocka_unit_test_of_scene(a_stack_is_shown_in_full_where_asked_for),
      cmocka_unit_test_of_scene(a_stack_deeper_than_published_names_no_current),
      cmocka_unit_test_of_scene(lists_are_sorted_and_cut_at_the_limit),
      cmocka_unit_test_of_scene(the_first_requests_are_kept),
      cmocka_unit_test_of_scene(loops_are_the_threads_that_run_one),
      cmocka_unit_test_of_scene(who_is_shown_a_part_is_told_that_there_is_more),
      cmocka_unit_test_of_scene(
          of_more_requests_than_are_kept_the_rest_is_told_of),
  };
  return test_main(tests, argc, argv);
}
