/* Warnings of what is so now: each is provoked, is gone with its cause, and
 * what only looks like it is none. Thresholds make what is there too much, or
 * never; no clock decides. */
#include "warning_probe.h"

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_request.h"
#include <string.h>

#define EVER_US UINT64_C(1000000000000)

static other_t stuck(async_env_kind_t kind) {
  return (other_t){.kind = kind,
                   .name = "stuck",
                   .type = "STUCK",
                   .cause = {ASYNC_THREAD_NONE, 0},
                   .running = true};
}

static asyncscope_debug_options_t blocked_from(uint64_t us) {
  asyncscope_debug_thresholds_t thresholds = WARNING_NONE;
  thresholds.loop_blocked_us = us;
  return with_thresholds(thresholds);
}

static void a_blocked_loop_is_warned_of(void **state) {
  const asyncscope_debug_options_t options = blocked_from(1);
  other_t loop = stuck(ASYNC_ENV_LOOP);
  char key[32];
  (void)state;
  other_start(&loop);
  pass_us(100);
  json_t *document = warnings_json(&options, "/debug/warnings");
  other_stop(&loop);
  const json_t *warning = warning_of(document, "loop-blocked");
  snprintf(key, sizeof(key), "%u:%lld", loop.made.thread,
           (long long)loop.made.async_id);
  assert_int_equal(warning_count(document), 1);
  assert_int_equal(json_integer_of(warning, "count"), 1);
  assert_int_equal(json_integer_of(warning, "thresholdUs"), 1);
  assert_true(json_integer_of(warning, "worstUs") >= 100);
  assert_string_equal(json_text_of(warning, "state"), "active");
  assert_string_equal(json_text_of(warning, "type"), "STUCK");
  assert_string_equal(warning_key(warning, 0), key);
  assert_string_equal(
      json_text_of(json_object_get(warning, "site"), "function"), "stay");
  assert_true(strlen(json_text_of(warning, "advice")) > 0);
  json_decref(document);
  assert_no_warnings(&options);
}

static void a_callback_below_the_threshold_blocks_nobody(void **state) {
  const asyncscope_debug_options_t options = blocked_from(EVER_US);
  other_t loop = stuck(ASYNC_ENV_LOOP);
  (void)state;
  other_start(&loop);
  json_t *document = warnings_json(&options, "/debug/warnings");
  other_stop(&loop);
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
}

/* It is made to be busy. */
static void a_busy_worker_blocks_no_loop(void **state) {
  const asyncscope_debug_options_t options = blocked_from(1);
  other_t worker = stuck(ASYNC_ENV_WORKER);
  (void)state;
  other_start(&worker);
  pass_us(10);
  json_t *document = warnings_json(&options, "/debug/warnings");
  other_stop(&worker);
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
}

/* A program that runs its loop in a scope of its own, and perhaps gets stuck in
 * a callback there. */
typedef struct around_s {
  bool sticks;
  uv_loop_t loop;
  uv_async_t end, stick;
  uv_sem_t ready, go;
  uv_thread_t thread;
  async_env_t *env;
  async_ref_t inside;
} around_t;

static void on_end(uv_async_t *async) {
  around_t *around = async->data;
  uv_close((uv_handle_t *)&around->end, NULL);
  uv_close((uv_handle_t *)&around->stick, NULL);
}

static void on_stick(uv_async_t *async) {
  around_t *around = async->data;
  async_resource_t resource;
  (void)async_resource_init(&resource, "INSIDE", NULL);
  (void)async_resource_enter(&resource);
  around->inside = async_resource_ref(&resource);
  uv_sem_post(&around->ready);
  uv_sem_wait(&around->go);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
}

static void run_around(void *arg) {
  around_t *around = arg;
  async_resource_t resource;
  (void)async_env_attach(&around->loop);
  (void)async_resource_init(&resource, "AROUND", NULL);
  (void)async_resource_enter(&resource);
  if (!around->sticks)
    uv_sem_post(&around->ready);
  uv_run(&around->loop, UV_RUN_DEFAULT);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  (void)async_env_detach();
}

static bool waits(uint32_t after) {
  async_loop_info_t info;
  bool waiting = false;
  async_env_t *env = NULL;
  while ((env = async_inspect_next(env)) != NULL) {
    async_env_info_t found;
    async_inspect_env(env, &found);
    async_inspect_loop(env, &info, NULL);
    waiting = waiting || (found.thread > after && info.waiting);
  }
  return waiting;
}

static void around_start(around_t *around, bool sticks) {
  *around = (around_t){.sticks = sticks};
  assert_int_equal(uv_loop_init(&around->loop), 0);
  assert_int_equal(uv_async_init(&around->loop, &around->end, on_end), 0);
  assert_int_equal(uv_async_init(&around->loop, &around->stick, on_stick), 0);
  around->end.data = around->stick.data = around;
  assert_int_equal(uv_sem_init(&around->ready, 0), 0);
  assert_int_equal(uv_sem_init(&around->go, 0), 0);
  if (sticks)
    assert_int_equal(uv_async_send(&around->stick), 0);
  assert_int_equal(uv_thread_create(&around->thread, run_around, around), 0);
  uv_sem_wait(&around->ready);
  while (!sticks && !waits(async_env_thread())) {
  }
}

static void around_stop(around_t *around) {
  uv_sem_post(&around->go);
  assert_int_equal(uv_async_send(&around->end), 0);
  uv_thread_join(&around->thread);
  assert_int_equal(uv_loop_close(&around->loop), 0);
  uv_sem_destroy(&around->ready);
  uv_sem_destroy(&around->go);
}

static void a_scope_around_a_run_of_the_loop_does_not_block_it(void **state) {
  const asyncscope_debug_options_t options = blocked_from(1);
  around_t around;
  (void)state;
  around_start(&around, false);
  json_t *document = warnings_json(&options, "/debug/warnings");
  around_stop(&around);
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
}

static void a_callback_inside_of_that_does(void **state) {
  const asyncscope_debug_options_t options = blocked_from(1);
  around_t around;
  (void)state;
  around_start(&around, true);
  pass_us(10);
  json_t *document = warnings_json(&options, "/debug/warnings");
  around_stop(&around);
  const json_t *warning = warning_of(document, "loop-blocked");
  assert_int_equal(json_integer_of(warning, "count"), 1);
  assert_string_equal(json_text_of(warning, "type"), "INSIDE");
  json_decref(document);
}

static asyncscope_debug_options_t pending_from(uint64_t us) {
  asyncscope_debug_thresholds_t thresholds = WARNING_NONE;
  thresholds.long_pending_us = us;
  return with_thresholds(thresholds);
}

static async_resource_t *make_owing(scene_t *scene) {
  const async_resource_options_t options = {.flags =
                                                ASYNC_RESOURCE_OWES_CALLBACK};
  async_resource_t *resource = &scene->resources[scene->count++];
  assert_int_equal(async_resource_init(resource, "OWING", &options), 0);
  return resource;
}

static void run_once(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
}

static void what_owes_a_callback_for_long_is_pending(void **state) {
  const asyncscope_debug_options_t options = pending_from(1);
  scene_t *scene = *state;
  async_resource_t *first = make_owing(scene);
  pass_us(20000);
  async_resource_t *second = make_owing(scene);
  pass_us(10);
  json_t *document = warnings_json(&options, "/debug/warnings");
  const json_t *warning = warning_of(document, "long-pending");
  assert_int_equal(warning_count(document), 1);
  assert_int_equal(json_integer_of(warning, "count"), 2);
  assert_true(json_integer_of(warning, "ageUs") >= 19000);
  assert_string_equal(json_text_of(warning, "type"), "OWING");
  assert_string_equal(warning_key(warning, 0), key_of(first));
  assert_string_equal(warning_key(warning, 1), key_of(second));
  json_decref(document);
  run_once(first);
  run_once(second);
  assert_no_warnings(&options);
}

static void what_owes_nothing_or_not_for_long_is_not_pending(void **state) {
  const asyncscope_debug_options_t strict = pending_from(1);
  const asyncscope_debug_options_t patient = pending_from(EVER_US);
  scene_t *scene = *state;
  make(scene, "TCPWRAP", 1);
  pass_us(10);
  assert_no_warnings(&strict);
  async_resource_t *owing = make_owing(scene);
  assert_no_warnings(&patient);
  run_once(owing);
}

static asyncscope_debug_options_t retained_from(uint64_t us) {
  asyncscope_debug_thresholds_t thresholds = WARNING_NONE;
  thresholds.context_retained_us = us;
  return with_thresholds(thresholds);
}

/* A request in whose frame this thread is from here on. */
static async_request_t *begin_request(scene_t *scene, uint64_t number) {
  const async_request_options_t options = {.number = number};
  async_context_value_t value = {.store = scene};
  async_context_frame_t *frame;
  assert_int_equal(async_request_begin(&options, &value.account), 0);
  assert_int_equal(async_context_frame_with(NULL, &scene->key, &value, &frame),
                   0);
  async_context_frame_release(async_context_frame_exchange(frame));
  return value.account;
}

static void leave_frame(void) {
  async_context_frame_release(async_context_frame_exchange(NULL));
  async_env_flush();
}

static void a_request_that_ended_and_is_held_is_retained(void **state) {
  const asyncscope_debug_options_t options = retained_from(1);
  scene_t *scene = *state;
  async_request_t *request = begin_request(scene, 9);
  async_resource_t *holder = &scene->resources[scene->count++];
  assert_int_equal(async_resource_init(holder, "HOLDER", NULL), 0);
  leave_frame();
  assert_int_equal(async_request_end(request, 200), 0);
  pass_us(10);
  json_t *document = warnings_json(&options, "/debug/warnings");
  const json_t *warning = warning_of(document, "context-retained");
  assert_int_equal(json_integer_of(warning, "count"), 1);
  assert_string_equal(warning_key(warning, 0), key_of(holder));
  assert_string_equal(json_text_of(warning, "requestId"), "r9");
  assert_string_equal(json_text_of(warning, "type"), "HOLDER");
  json_decref(document);
  async_resource_finish(holder);
  async_env_flush();
  assert_no_warnings(&options);
}

static void a_holder_that_is_no_resource_is_not_named(void **state) {
  const asyncscope_debug_options_t options = retained_from(1);
  async_request_t *request = begin_request(*state, 9);
  async_context_frame_t *held =
      async_context_frame_retain(async_context_frame_current());
  leave_frame();
  assert_int_equal(async_request_end(request, 200), 0);
  pass_us(10);
  json_t *document = warnings_json(&options, "/debug/warnings");
  const json_t *warning = warning_of(document, "context-retained");
  assert_int_equal(json_integer_of(warning, "count"), 1);
  assert_string_equal(warning_key(warning, 0), "");
  assert_string_equal(json_text_of(warning, "requestId"), "r9");
  json_decref(document);
  async_context_frame_release(held);
  async_env_flush();
  assert_no_warnings(&options);
}

static void a_request_that_goes_on_or_has_just_ended_is_not(void **state) {
  const asyncscope_debug_options_t strict = retained_from(1);
  const asyncscope_debug_options_t patient = retained_from(EVER_US);
  async_request_t *request = begin_request(*state, 9);
  pass_us(10);
  assert_no_warnings(&strict);
  assert_int_equal(async_request_end(request, 200), 0);
  assert_no_warnings(&patient);
  leave_frame();
}

static asyncscope_debug_options_t growing(uint64_t least, uint64_t window_us) {
  asyncscope_debug_thresholds_t thresholds = WARNING_NONE;
  thresholds.growth = least;
  thresholds.growth_window_us = window_us;
  return with_thresholds(thresholds);
}

static void end_all(scene_t *scene) {
  while (scene->count > 0)
    end(scene, &scene->resources[--scene->count]);
}

static void leak_for(scene_t *scene, uint64_t us) {
  uint64_t end_ns = uv_hrtime() + us * 1000;
  if (scene->count > SCENE_MAX / 2)
    end_all(scene);
  while (uv_hrtime() < end_ns && scene->count < SCENE_MAX) {
    make(scene, "LEAK", 1);
    pass_us(20);
  }
}

/* It leaks and asks until it is told: now and then the machine may be away for
 * a quarter of the window. */
static void a_site_that_makes_and_never_ends_grows(void **state) {
  const asyncscope_debug_options_t options = growing(4, 2000);
  scene_t *scene = *state;
  json_t *document = NULL;
  do {
    json_decref(document);
    leak_for(scene, 5000);
    document = warnings_json(&options, "/debug/warnings");
  } while (warning_count(document) == 0);
  const json_t *warning = warning_of(document, "never-destroyed-growth");
  assert_string_equal(json_text_of(warning, "type"), "LEAK");
  assert_string_equal(warning_key(warning, 0), key_of(&scene->resources[0]));
  assert_true(json_integer_of(warning, "count") >= 4);
  assert_true(json_integer_of(warning, "worstCount") >= 4);
  assert_int_equal(json_integer_of(warning, "thresholdCount"), 4);
  json_decref(document);
  end_all(scene);
  assert_no_warnings(&options);
}

/* All are as old as the scope that they were made in. */
static void what_was_made_once_and_stays_is_no_growth(void **state) {
  const asyncscope_debug_options_t options = growing(4, 1);
  scene_t *scene = *state;
  async_resource_t *maker = make(scene, "MAKER", 1);
  assert_int_equal(async_resource_enter(maker), 0);
  for (int i = 0; i < 100; i++)
    make(scene, "STAYS", 1);
  async_resource_leave(maker);
  pass_us(10);
  assert_no_warnings(&options);
}

static void what_ends_in_time_is_no_growth(void **state) {
  const asyncscope_debug_options_t options = growing(4, 1000);
  scene_t *scene = *state;
  for (int i = 0; i < 1000; i++) {
    end(scene, make(scene, "GOES", 1));
    scene->count--;
  }
  assert_no_warnings(&options);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_blocked_loop_is_warned_of),
      cmocka_unit_test(a_callback_below_the_threshold_blocks_nobody),
      cmocka_unit_test(a_busy_worker_blocks_no_loop),
      cmocka_unit_test_of_scene(
          a_scope_around_a_run_of_the_loop_does_not_block_it),
      cmocka_unit_test_of_scene(a_callback_inside_of_that_does),
      cmocka_unit_test_of_scene(what_owes_a_callback_for_long_is_pending),
      cmocka_unit_test_of_scene(
          what_owes_nothing_or_not_for_long_is_not_pending),
      cmocka_unit_test_of_scene(a_request_that_ended_and_is_held_is_retained),
      cmocka_unit_test_of_scene(a_holder_that_is_no_resource_is_not_named),
      cmocka_unit_test_of_scene(
          a_request_that_goes_on_or_has_just_ended_is_not),
      cmocka_unit_test_of_scene(a_site_that_makes_and_never_ends_grows),
      cmocka_unit_test_of_scene(what_was_made_once_and_stays_is_no_growth),
      cmocka_unit_test_of_scene(what_ends_in_time_is_no_growth),
  };
  return test_main(tests, argc, argv);
}
