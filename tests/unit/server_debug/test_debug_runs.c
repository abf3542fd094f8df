/* /debug/runs: what ran where. */
#include "asyncscope/async_recorder.h"
#include "debug_fixture.h"
#include "event_log.h"

#include <stdio.h>
#include <string.h>

static void run(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
}

static const json_t *thread_of(const json_t *document, uint32_t thread) {
  const json_t *item;
  size_t at;
  json_array_foreach(json_object_get(document, "threads"), at, item) {
    if (json_integer_of(item, "thread") == (json_int_t)thread)
      return item;
  }
  fail_msg("no thread %u", thread);
  return NULL;
}

static json_t *runs_of(const json_t *document, const scene_t *scene) {
  return json_object_get(thread_of(document, scene->thread), "runs");
}

static void a_scope_is_told_with_its_time_and_request(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make_for(scene, "KIND", 1, 7);
  run(resource);
  json_t *document = ask_json(scene, "/debug/runs");
  const json_t *shown = json_array_get(runs_of(document, scene), 0);
  assert_string_equal(json_text_of(shown, "key"), key_of(resource));
  assert_string_equal(json_text_of(shown, "type"), "KIND");
  assert_string_equal(json_text_of(shown, "requestId"), "r7");
  assert_true(json_integer_of(shown, "startUs") >= 0);
  assert_true(json_integer_of(shown, "runUs") >= 0);
  assert_int_equal(json_array_size(runs_of(document, scene)), 1);
  json_decref(document);
}

static void a_scope_that_is_open_reaches_to_now(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "KIND", 1);
  assert_int_equal(async_resource_enter(resource), 0);
  json_t *document = ask_json(scene, "/debug/runs");
  const json_t *shown = json_array_get(runs_of(document, scene), 0);
  assert_string_equal(json_text_of(shown, "key"), key_of(resource));
  json_decref(document);
  async_resource_leave(resource);
}

static void the_limit_leaves_the_latest(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make(scene, "FIRST", 1);
  async_resource_t *last = make(scene, "LAST", 1);
  run(first);
  run(last);
  json_t *document = ask_json(scene, "/debug/runs?limit=1");
  const json_t *thread = thread_of(document, scene->thread);
  assert_int_equal(json_array_size(runs_of(document, scene)), 1);
  assert_non_null(json_named(thread, "runs", "type", "LAST"));
  assert_int_equal(json_integer_of(thread, "leftOut"), 1);
  json_decref(document);
}

/* Of a recorder that holds more than an answer may. */
static void events_beyond_what_an_answer_holds_are_left_out(void **state) {
  scene_t *scene = *state;
  assert_int_equal(async_env_set_recorder_bytes(64 * DEBUG_EVENTS_MAX), 0);
  async_resource_t *resource = make(scene, "KIND", 1);
  for (size_t i = 0; i < DEBUG_EVENTS_MAX; i++)
    run(resource);
  json_t *document = ask_json(scene, "/debug/runs?limit=1");
  assert_int_equal(
      json_integer_of(thread_of(document, scene->thread), "leftOut"),
      DEBUG_EVENTS_MAX);
  json_decref(document);
}

static void asyncscopes_own_runs_are_hidden(void **state) {
  scene_t *scene = *state;
  run(make_internal(scene, "OWN", 1));
  json_t *document = ask_json(scene, "/debug/runs");
  assert_int_equal(json_array_size(runs_of(document, scene)), 0);
  json_decref(document);
  document = ask_json(scene, "/debug/runs?internal=1");
  assert_int_equal(json_array_size(runs_of(document, scene)), 1);
  json_decref(document);
}

static void an_open_scope_of_its_own_is_hidden_too(void **state) {
  scene_t *scene = *state;
  async_resource_t *own = make_internal(scene, "OWN", 1);
  assert_int_equal(async_resource_enter(own), 0);
  json_t *document = ask_json(scene, "/debug/runs");
  assert_int_equal(json_array_size(runs_of(document, scene)), 0);
  json_decref(document);
  async_resource_leave(own);
}

static void other_threads_are_left_out_by_the_filter(void **state) {
  scene_t *scene = *state;
  other_t other = {.kind = ASYNC_ENV_WORKER,
                   .name = "elsewhere",
                   .type = "KIND",
                   .cause = {ASYNC_THREAD_NONE, ASYNC_ID_NONE}};
  other_start(&other);
  json_t *document = ask_json(scene, "/debug/runs?thread=elsewhere");
  assert_int_equal(json_array_size(json_object_get(document, "threads")), 1);
  assert_string_equal(
      json_text_of(thread_of(document, other.made.thread), "kind"), "worker");
  json_decref(document);
  other_stop(&other);
}

/* Each holds all that it shows until it is read. */
static void a_few_at_once_have_a_log(void **state) {
  static const asyncscope_debug_request_t requests[] = {
      {.path = "/debug/runs"}, {.path = "/debug/trace"}};
  enum { HELD = DEBUG_EVENT_LOGS_MAX };
  scene_t *scene = *state;
  asyncscope_debug_answer_t held[HELD], more;
  for (size_t i = 0; i < HELD; i++) {
    assert_int_equal(
        asyncscope_debug_open(scene->debug, &requests[i % 2], &held[i]), 0);
    assert_int_equal(held[i].status, 200);
  }
  json_decref(ask_error(scene, 503, "/debug/runs"));
  assert_int_equal(asyncscope_debug_open(scene->debug, &requests[1], &more), 0);
  assert_int_equal(more.status, 503);
  assert_int_equal(more.field_count, 1);
  assert_string_equal(more.fields[0].name, "Retry-After");
  asyncscope_debug_stream_destroy(more.stream);
  asyncscope_debug_stream_destroy(held[0].stream);
  json_decref(ask_json(scene, "/debug/runs"));
  for (size_t i = 1; i < HELD; i++)
    asyncscope_debug_stream_destroy(held[i].stream);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_scope_is_told_with_its_time_and_request),
      cmocka_unit_test_of_scene(a_scope_that_is_open_reaches_to_now),
      cmocka_unit_test_of_scene(the_limit_leaves_the_latest),
      cmocka_unit_test_of_scene(
          events_beyond_what_an_answer_holds_are_left_out),
      cmocka_unit_test_of_scene(asyncscopes_own_runs_are_hidden),
      cmocka_unit_test_of_scene(an_open_scope_of_its_own_is_hidden_too),
      cmocka_unit_test_of_scene(a_few_at_once_have_a_log),
      cmocka_unit_test_of_scene(other_threads_are_left_out_by_the_filter),
  };
  return test_main(tests, argc, argv);
}
