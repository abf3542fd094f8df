/* Warnings of what stands at an edge: beside too much, or before too long. */
#include "held_pool.h"
#include "warning_probe.h"

#include <stdio.h>

/* -- A loop that is in two scopes ------------------------------------------ */

#define LONG_US 50000

/* Nothing in here may assert. */
static void look_from_two_scopes(void *arg) {
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  async_resource_t outer, inner;
  json_t **document = arg;
  uv_loop_t loop;
  options.thresholds.loop_blocked_us = LONG_US;
  if (uv_loop_init(&loop) != 0 || async_env_attach(&loop) != 0 ||
      async_resource_init(&outer, "OUTER", NULL) != 0 ||
      async_resource_init(&inner, "INNER", NULL) != 0)
    return;
  (void)async_resource_enter(&outer);
  pass_us(LONG_US);
  (void)async_resource_enter(&inner);
  *document = warnings_looked_at(&options);
  async_resource_leave(&inner);
  async_resource_leave(&outer);
  async_resource_finish(&inner);
  async_resource_finish(&outer);
  (void)async_env_detach();
  uv_loop_close(&loop);
}

static json_t *seen_from_two_scopes(void) {
  json_t *document = NULL;
  uv_thread_t thread;
  assert_int_equal(uv_thread_create(&thread, look_from_two_scopes, &document),
                   0);
  uv_thread_join(&thread);
  assert_non_null(document);
  return document;
}

/* The machine may have been away for so long that the inner one is it, too. */
static void of_two_scopes_the_one_that_is_open_for_long_is_named(void **state) {
  json_t *document = NULL;
  const json_t *warning;
  (void)state;
  do {
    json_decref(document);
    document = seen_from_two_scopes();
    warning = warning_of(document, "loop-blocked");
  } while (json_integer_of(warning, "worstUs") >= 2 * LONG_US);
  assert_string_equal(json_text_of(warning, "type"), "OUTER");
  json_decref(document);
}

/* -- A site that makes many once and few all the time ---------------------- */

#define WINDOW_US 80000
#define LEAST     16

/* In a quarter of the window there are three of the few at most, and four are
 * too few. */
static void many_made_at_once_beside_few_are_no_growth(void **state) {
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  scene_t *scene = *state;
  options.thresholds.growth = LEAST;
  options.thresholds.growth_window_us = WINDOW_US;
  for (int i = 0; i < 32; i++) {
    for (int many = i == 12 ? 4 * LEAST : 1; many > 0; many--)
      make(scene, "STAYS", 1);
    pass_us(WINDOW_US / 8);
    assert_no_warnings(&options);
  }
}

#define SITES 1024 /* that are looked at */

static void of_too_many_sites_the_rest_is_counted(void **state) {
  static const async_site_t sites[SITES + 3] = {{.file = "a"}};
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  scene_t *scene = *state;
  options.thresholds.growth = LEAST;
  options.thresholds.growth_window_us = 1;
  for (size_t i = 0; i < SITES + 3; i++)
    assert_int_equal(async_resource_init_at(&sites[i],
                                            &scene->resources[scene->count++],
                                            "STAYS", NULL),
                     0);
  pass_us(10);
  json_t *document = warnings_json(&options, "/debug/warnings");
  assert_int_equal(json_integer_of(document, "dropped"), 3);
  json_decref(document);
}

/* -- A pool of two workers ------------------------------------------------- */

static held_pool_t held;

static int pool_setup(void **state) {
  const worker_pool_options_t options = {.threads = 2};
  return scene_setup(state) != 0 ? -1 : held_pool_open(&held, &options);
}

static int pool_teardown(void **state) {
  held_pool_let_go(&held);
  held_pool_let_go(&held);
  held_pool_close(&held, true);
  int error = scene_teardown(state);
  return error != 0 ? error : uv_loop_close(&held.loop);
}

static json_t *look_at_pool(void) {
  const asyncscope_debug_pool_t pool = {.pool = held.pool, .name = "pool"};
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  options.thresholds.pool_starved_us = 1;
  options.pools = &pool;
  options.pool_count = 1;
  pass_us(10);
  return warnings_json(&options, "/debug/warnings");
}

static void who_is_on_a_worker_for_longest_keeps_others_waiting(void **state) {
  (void)state;
  held_pool_hold(&held, 0);
  pass_us(10);
  held_pool_hold(&held, 1);
  held_pool_submit(&held, 2, NULL);
  json_t *document = look_at_pool();
  const json_t *other =
      json_object_get(warning_of(document, "pool-starved"), "other");
  assert_string_equal(json_text_of(other, "key"),
                      key_of(&held.tasks[0].resource));
  json_decref(document);
}

/* The pool knows so many types, and those beyond as others. */
static void a_task_whose_pool_knows_no_more_types_is_starved_too(void **state) {
  char type[] = "TYPE-a";
  (void)state;
  for (size_t i = 0; i < WORKER_POOL_TYPES_MAX; i++, type[5]++)
    held_pool_submit(&held, i, type);
  uv_run(&held.loop, UV_RUN_DEFAULT);
  held_pool_hold(&held, 0);
  held_pool_hold(&held, 1);
  held_pool_submit(&held, 2, type);
  json_t *document = look_at_pool();
  const json_t *warning = warning_of(document, "pool-starved");
  assert_non_null(warning);
  assert_string_equal(warning_key(warning, 0), key_of(&held.tasks[2].resource));
  json_decref(document);
}

#define cmocka_unit_test_of_pool(name) \
  cmocka_unit_test_setup_teardown(name, pool_setup, pool_teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_two_scopes_the_one_that_is_open_for_long_is_named),
      cmocka_unit_test_of_scene(many_made_at_once_beside_few_are_no_growth),
      cmocka_unit_test_of_scene(of_too_many_sites_the_rest_is_counted),
      cmocka_unit_test_of_pool(
          who_is_on_a_worker_for_longest_keeps_others_waiting),
      cmocka_unit_test_of_pool(
          a_task_whose_pool_knows_no_more_types_is_starved_too),
  };
  return test_main(tests, argc, argv);
}
