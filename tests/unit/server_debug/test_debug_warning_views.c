/* Where warnings are shown, and those of a pool. */
#include "held_pool.h"
#include "warning_probe.h"

#include "asyncscope/worker_pool.h"
#include <stdio.h>
#include <string.h>

static void end_without_callback(scene_t *scene) {
  const async_resource_options_t options = {.flags =
                                                ASYNC_RESOURCE_OWES_CALLBACK};
  async_resource_t *resource = &scene->resources[scene->count++];
  assert_int_equal(async_resource_init(resource, "OW\"ING\n", &options), 0);
  end(scene, resource);
}

static void without_any_the_text_says_so(void **state) {
  answer_t answer = ask_text(*state, "/debug/warnings?format=text");
  assert_string_equal(answer.content_type, "text/plain; charset=utf-8");
  assert_int_equal(strncmp(answer.text, "no warnings\nrecorded: ", 22), 0);
  answer_free(&answer);
}

static void the_text_has_all_of_it(void **state) {
  end_without_callback(*state);
  answer_t answer = ask_text(*state, "/debug/warnings?format=text");
  assert_non_null(strstr(answer.text, "warn: destroyed-unrun, 1 time, last "));
  assert_non_null(strstr(answer.text, "  OW\\\"ING\\x0a at "));
  assert_non_null(strstr(answer.text, " end_without_callback, "));
  assert_non_null(strstr(answer.text, "\n  => "));
  answer_free(&answer);
  answer = ask_text(*state, "/debug/warnings?format=text&code=slow-*");
  assert_int_equal(strncmp(answer.text, "no warnings\nrecorded: ", 22), 0);
  answer_free(&answer);
}

static void every_code_is_a_gauge(void **state) {
  static const char *const codes[] = {
      "slow-callback",   "loop-blocked",     "pool-starved",
      "long-pending",    "context-retained", "context-foreign",
      "context-lost",    "scope-unbalanced", "never-destroyed-growth",
      "destroyed-unrun", "dropped-events"};
  char line[128];
  end_without_callback(*state);
  answer_t answer = ask_text(*state, "/metrics");
  for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
    snprintf(line, sizeof(line), "\nasyncscope_warnings{code=\"%s\"} %d\n",
             codes[i], strcmp(codes[i], "destroyed-unrun") == 0);
    assert_non_null(strstr(answer.text, line));
  }
  answer_free(&answer);
}

static void the_overview_has_them(void **state) {
  end_without_callback(*state);
  json_t *document = ask_json(*state, "/debug");
  assert_non_null(warning_of(document, "destroyed-unrun"));
  json_decref(document);
}

static void every_kind_says_whether_it_is_looked_for(void **state) {
  const asyncscope_debug_options_t never = {
      .thresholds = {.long_pending_us = ASYNCSCOPE_DEBUG_NEVER}};
  (void)state;
  json_t *document = warnings_json(&never, "/debug/warnings");
  const json_t *pending = json_named(document, "kinds", "code", "long-pending");
  const json_t *starved = json_named(document, "kinds", "code", "pool-starved");
  const json_t *lost = json_named(document, "kinds", "code", "context-lost");
  assert_int_equal(json_array_size(json_object_get(document, "kinds")), 11);
  assert_true(json_is_false(json_object_get(pending, "enabled")));
  assert_null(json_object_get(pending, "thresholdUs"));
  assert_true(json_is_true(json_object_get(starved, "enabled")));
  assert_true(json_is_false(json_object_get(lost, "enabled")));
  json_decref(document);
}

/* Room to be stuck in: the task of a pool with one worker. */
static held_pool_t held;

static void hold_pool(void) {
  const worker_pool_options_t options = {.threads = 1, .queue_max = 8};
  assert_int_equal(held_pool_open(&held, &options), 0);
  held_pool_hold(&held, 0);
}

static void let_go(void) {
  held_pool_let_go(&held);
  uv_run(&held.loop, UV_RUN_DEFAULT);
}

static asyncscope_debug_options_t of_pool(const asyncscope_debug_pool_t *pool,
                                          uint64_t starved_us,
                                          uint64_t pending_us) {
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  options.thresholds.pool_starved_us = starved_us;
  options.thresholds.long_pending_us = pending_us;
  options.pools = pool;
  options.pool_count = 1;
  return options;
}

static void a_task_that_waits_for_a_busy_pool_is_starved(void **state) {
  (void)state;
  hold_pool();
  const asyncscope_debug_pool_t pool = {.pool = held.pool, .name = "pool"};
  const asyncscope_debug_options_t options = of_pool(&pool, 1, 1);
  held_pool_submit(&held, 1, NULL);
  pass_us(10);
  json_t *document = warnings_json(&options, "/debug/warnings");
  const json_t *starved = warning_of(document, "pool-starved");
  const json_t *pending = warning_of(document, "long-pending");
  assert_int_equal(json_integer_of(starved, "count"), 1);
  assert_string_equal(warning_key(starved, 0), key_of(&held.tasks[1].resource));
  assert_string_equal(json_text_of(json_object_get(starved, "other"), "key"),
                      key_of(&held.tasks[0].resource));
  assert_int_equal(json_integer_of(pending, "count"), 1);
  assert_string_equal(warning_key(pending, 0), key_of(&held.tasks[0].resource));
  json_decref(document);
  let_go();
  assert_no_warnings(&options);
  held_pool_close(&held, false);
}

static void a_pool_without_a_queue_is_not(void **state) {
  (void)state;
  hold_pool();
  const asyncscope_debug_pool_t pool = {.pool = held.pool, .name = "pool"};
  const asyncscope_debug_options_t options =
      of_pool(&pool, 1, ASYNCSCOPE_DEBUG_NEVER);
  pass_us(10);
  assert_no_warnings(&options);
  let_go();
  held_pool_close(&held, false);
}

static void its_own_answer_has_what_is_about_a_resource(void **state) {
  scene_t *scene = *state;
  hold_pool();
  const asyncscope_debug_pool_t pool = {.pool = held.pool, .name = "pool"};
  const asyncscope_debug_options_t options = of_pool(&pool, 1, 1);
  char target[64];
  async_resource_t *other = make(scene, "OTHER", 1);
  pass_us(10);
  snprintf(target, sizeof(target), "/debug/resources/%s",
           key_of(&held.tasks[0].resource));
  json_t *document = warnings_json(&options, target);
  assert_int_equal(warning_count(document), 1);
  assert_non_null(warning_of(document, "long-pending"));
  json_decref(document);
  snprintf(target, sizeof(target), "/debug/resources/%s", key_of(other));
  document = warnings_json(&options, target);
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
  let_go();
  held_pool_close(&held, false);
}

/* The loop is idle when the scene's environment is detached from it. */
static int pool_teardown(void **state) {
  int error = scene_teardown(state);
  return error != 0 ? error : uv_loop_close(&held.loop);
}

#define cmocka_unit_test_of_pool(name) \
  cmocka_unit_test_setup_teardown(name, scene_setup, pool_teardown)

/* A callback inside of others: it is what the loop is stuck in. */
static void of_all_scopes_of_a_blocked_loop_the_innermost_is_named(
    void **state) {
  asyncscope_debug_thresholds_t thresholds = WARNING_NONE;
  async_resource_t nested[3];
  char key[32];
  (void)state;
  thresholds.loop_blocked_us = 1;
  const asyncscope_debug_options_t options = with_thresholds(thresholds);
  assert_int_equal(async_env_open(ASYNC_ENV_LOOP, "blocked"), 0);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(async_resource_init(&nested[i], "NESTED", NULL), 0);
    assert_int_equal(async_resource_enter(&nested[i]), 0);
    pass_us(10);
  }
  snprintf(key, sizeof(key), "%u:%lld", async_env_thread(),
           (long long)async_resource_async_id(&nested[2]));
  json_t *document = warnings_json(&options, "/debug/warnings");
  const json_t *warning = warning_of(document, "loop-blocked");
  assert_int_equal(warning_count(document), 1);
  assert_int_equal(json_integer_of(warning, "count"), 1);
  assert_string_equal(warning_key(warning, 0), key);
  assert_true(json_integer_of(warning, "worstUs") >= 30);
  json_decref(document);
  for (size_t i = 3; i > 0; i--) {
    async_resource_leave(&nested[i - 1]);
    async_resource_finish(&nested[i - 1]);
  }
  assert_int_equal(async_env_detach(), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_all_scopes_of_a_blocked_loop_the_innermost_is_named),
      cmocka_unit_test_of_scene(without_any_the_text_says_so),
      cmocka_unit_test_of_scene(the_text_has_all_of_it),
      cmocka_unit_test_of_scene(every_code_is_a_gauge),
      cmocka_unit_test_of_scene(the_overview_has_them),
      cmocka_unit_test_of_scene(every_kind_says_whether_it_is_looked_for),
      cmocka_unit_test_of_pool(a_task_that_waits_for_a_busy_pool_is_starved),
      cmocka_unit_test_of_pool(a_pool_without_a_queue_is_not),
      cmocka_unit_test_of_pool(its_own_answer_has_what_is_about_a_resource),
  };
  return test_main(tests, argc, argv);
}
