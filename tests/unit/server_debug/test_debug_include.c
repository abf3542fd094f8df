/* include= puts into a document what it does not have without. */
#include "debug_fixture.h"

#include "asyncscope/async_request.h"
#include <string.h>

static void finish_request(uint64_t number) {
  const async_request_options_t options = {.number = number, .route = "/a"};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  assert_int_equal(async_request_end(request, 200), 0);
}

static void finished_requests_are_added(void **state) {
  static const char *const targets[] = {"/debug", "/debug/requests"};
  scene_t *scene = *state;
  finish_request(7);
  for (size_t i = 0; i < 2; i++) {
    json_t *document = ask_json(scene, "%s", targets[i]);
    assert_null(json_object_get(document, "finished"));
    json_decref(document);
    document = ask_json(scene, "%s?include=finished", targets[i]);
    assert_string_equal(
        json_text_of(json_named(document, "finished", "requestId", "r7"),
                     "route"),
        "/a");
    json_decref(document);
  }
}

static void of_finished_ones_no_more_than_the_limit(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 1; i <= 5; i++)
    finish_request(i);
  json_t *document = ask_json(scene, "/debug?include=finished&limit=2");
  assert_int_equal(json_array_size(json_object_get(document, "finished")), 2);
  json_decref(document);
}

static void fields_are_those_of_finished_ones_too(void **state) {
  scene_t *scene = *state;
  finish_request(7);
  json_t *document =
      ask_json(scene, "/debug/requests?include=finished&fields=requestId");
  const json_t *one = json_named(document, "finished", "requestId", "r7");
  assert_int_equal(json_object_size(one), 1);
  json_decref(document);
}

static json_int_t count_up(const json_t *times) {
  size_t i;
  json_t *bucket;
  json_int_t sum = 0;
  json_int_t below = 0;
  json_array_foreach(json_object_get(times, "buckets"), i, bucket) {
    const json_t *bound = json_object_get(bucket, "belowUs");
    sum += json_integer_of(bucket, "count");
    assert_true(bound == NULL || json_integer_value(bound) > below);
    below = bound == NULL ? below : json_integer_value(bound);
  }
  return sum;
}

static void callbacks_have_their_histograms(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "A", 1);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(async_resource_enter(resource), 0);
    async_resource_leave(resource);
  }
  json_t *document = ask_json(scene, "/debug?include=histograms");
  const json_t *times =
      json_object_get(json_named(document, "callbacks", "type", "A"), "runUs");
  assert_int_equal(json_integer_of(times, "count"), 3);
  assert_int_equal(count_up(times), 3);
  json_decref(document);
  document = ask_json(scene, "/debug");
  assert_null(json_object_get(document, "callbacks"));
  json_decref(document);
}

static void the_lag_of_a_loop_has_its_histogram(void **state) {
  static const char *const targets[] = {"/debug/loops?include=histograms",
                                        "/debug/loops?include=stacks"};
  (void)state;
  uv_loop_t loop;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  uv_run(&loop, UV_RUN_NOWAIT);
  for (size_t i = 0; i < 2; i++) {
    answer_t answer = ask_alone(targets[i]);
    json_t *document = answer_json(&answer);
    const json_t *lag = json_object_get(
        json_object_get(json_array_get(json_object_get(document, "loops"), 0),
                        "loop"),
        "lagUs");
    assert_int_equal(json_object_get(lag, "buckets") != NULL, i == 0);
    if (i == 0)
      assert_int_equal(count_up(lag), json_integer_of(lag, "count"));
    json_decref(document);
  }
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
}

static void the_times_of_a_pool_have_their_histograms(void **state) {
  (void)state;
  const worker_pool_options_t options = {.threads = 1, .name = "pool"};
  uv_loop_t loop;
  worker_pool_t *pool;
  asyncscope_debug_t *debug;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  assert_int_equal(worker_pool_create(&options, &pool), 0);
  const asyncscope_debug_pool_t pools[] = {{.pool = pool, .name = "pool"}};
  const asyncscope_debug_options_t with = {.pools = pools, .pool_count = 1};
  assert_int_equal(asyncscope_debug_create(&with, &debug), 0);
  answer_t answer = ask(debug, "/debug/threads?include=histograms");
  json_t *document = answer_json(&answer);
  const json_t *shown = json_array_get(json_object_get(document, "pools"), 0);
  const json_t *waited = json_object_get(shown, "waitUs");
  assert_non_null(json_object_get(waited, "buckets"));
  assert_int_equal(count_up(waited), json_integer_of(waited, "count"));
  json_decref(document);
  worker_pool_close(pool, false, NULL, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  asyncscope_debug_destroy(debug);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
}

static void what_a_path_does_not_have_is_refused(void **state) {
  static const struct {
    const char *target, *valid;
  } refused[] = {{"/debug/loops?include=finished", "histograms"},
                 {"/debug/threads?include=stacks,pulse", "stacks"},
                 {"/debug/requests?include=histograms", "finished"},
                 {"/debug?include=pulse", "finished"},
                 {"/debug?include=none", "finished"}};
  scene_t *scene = *state;
  for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
    json_t *error = ask_error(scene, 400, "%s", refused[i].target);
    size_t at;
    json_t *word;
    bool found = false;
    assert_string_equal(json_text_of(error, "parameter"), "include");
    json_array_foreach(json_object_get(error, "valid"), at, word) {
      found = found || strcmp(json_string_value(word), refused[i].valid) == 0;
      assert_string_not_equal(json_string_value(word), "pulse");
    }
    assert_true(found);
    json_decref(error);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(finished_requests_are_added),
      cmocka_unit_test_of_scene(of_finished_ones_no_more_than_the_limit),
      cmocka_unit_test_of_scene(fields_are_those_of_finished_ones_too),
      cmocka_unit_test_of_scene(callbacks_have_their_histograms),
      cmocka_unit_test(the_lag_of_a_loop_has_its_histogram),
      cmocka_unit_test(the_times_of_a_pool_have_their_histograms),
      cmocka_unit_test_of_scene(what_a_path_does_not_have_is_refused),
  };
  return test_main(tests, argc, argv);
}
