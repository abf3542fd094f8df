/* All memory goes through the replaceable allocator, is given back, and when
 * there is none every call says so and leaves everything as it was. */
#include "asyncscope/async_allocator.h"
#include "counting_allocator.h"
#include "hooks_fixture.h"

#include <stdlib.h>
#include <string.h>

static void test_missing_functions_are_refused(void **state) {
  (void)state;
  assert_int_equal(async_replace_allocator(NULL, realloc, calloc, free),
                   UV_EINVAL);
  assert_int_equal(async_replace_allocator(malloc, NULL, calloc, free),
                   UV_EINVAL);
  assert_int_equal(async_replace_allocator(malloc, realloc, NULL, free),
                   UV_EINVAL);
  assert_int_equal(async_replace_allocator(malloc, realloc, calloc, NULL),
                   UV_EINVAL);
  long calls = counting_allocator_calls();
  async_free(async_malloc(1));
  assert_int_equal(counting_allocator_calls(), calls + 1);
}

static void test_functions_in_force_are_called(void **state) {
  (void)state;
  long live = counting_allocator_live(), calls = counting_allocator_calls();
  unsigned char *memory = async_calloc(10, 10);
  assert_non_null(memory);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(memory[i], 0);
  }
  memory = async_realloc(memory, 1000);
  assert_non_null(memory);
  void *other = async_malloc(5);
  assert_int_equal(counting_allocator_live(), live + 2);
  assert_int_equal(counting_allocator_calls(), calls + 3);
  async_free(memory);
  async_free(other);
  async_free(NULL);
  assert_int_equal(counting_allocator_live(), live);
}

static void do_nothing(void *arg) {
  (void)arg;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
}

/* A scenario that touches everything; answers the first error. */
typedef struct scene_s {
  uv_loop_t *loop;
  async_hook_t hook;
  async_resource_t resources[200];
  async_immediate_t immediate;
  async_context_key_t key;
  int entered;
} scene_t;

static int play_resources(scene_t *scene) {
  int error = 0;
  for (int i = 0; i < 200 && error == 0; i++) {
    error = async_resource_init(&scene->resources[i], "SCENE", NULL);
  }
  return error == 0
             ? async_resource_set_name(&scene->resources[150], "named", 5)
             : error;
}

static int play_frames(scene_t *scene) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = scene};
  int error = async_context_frame_with(async_context_frame_current(),
                                       &scene->key, &value, &frame);
  if (error == 0) {
    async_context_frame_release(async_context_frame_exchange(frame));
    error = async_context_frame_without(frame, &scene->key, &frame);
    async_context_frame_release(error == 0 ? frame : NULL);
  }
  return error;
}

static int play_scopes(scene_t *scene) {
  int error = 0;
  while (scene->entered < 200 && error == 0) {
    error = async_resource_enter(&scene->resources[scene->entered]);
    scene->entered += error == 0;
  }
  return error;
}

static int play_queues(scene_t *scene) {
  int error = async_next_tick(do_nothing, NULL);
  error = error != 0 ? error : async_queue_microtask(do_nothing, NULL);
  return error != 0 ? error
                    : async_immediate_start(&scene->immediate, on_immediate);
}

static int play(scene_t *scene) {
  int error = async_hook_enable(&scene->hook);
  error = error != 0 ? error : play_resources(scene);
  error = error != 0 ? error : play_frames(scene);
  error = error != 0 ? error : play_scopes(scene);
  return error != 0 ? error : play_queues(scene);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id;
  (void)data;
}

static void clear_up(scene_t *scene) {
  while (scene->entered > 0) {
    async_resource_leave(&scene->resources[--scene->entered]);
  }
  for (int i = 0; i < 200; i++) {
    async_resource_finish(&scene->resources[i]);
  }
  async_immediate_stop(&scene->immediate);
  uv_run(scene->loop, UV_RUN_DEFAULT);
  async_hook_disable(&scene->hook);
  async_context_frame_release(async_context_frame_exchange(NULL));
}

/* One whole life of an environment in which the nth allocation fails (0: none);
 * true when there was no nth. */
static bool live_once(long nth) {
  static scene_t scene;
  uv_loop_t loop;
  async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  memset(&scene, 0, sizeof(scene));
  scene.loop = &loop;
  async_hook_init(&scene.hook, &callbacks, NULL);
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_context_key_create("scene", &scene.key), 0);
  counting_allocator_fail_at(nth);
  int error = async_env_attach(&loop);
  if (error == 0) {
    error = play(&scene);
  }
  bool failed = counting_allocator_disarm();
  assert_int_equal(error, failed ? UV_ENOMEM : 0);
  if (async_env_loop() != NULL) {
    clear_up(&scene);
    async_env_info_t info = own_env_info();
    assert_int_equal(info.stores_created, info.stores_released);
    assert_int_equal(info.frames_created, info.frames_released);
    assert_int_equal(info.resources_created, info.resources_destroyed);
    assert_int_equal(info.destroys_pending, 0);
    assert_int_equal(async_env_detach(), 0);
  }
  async_context_key_destroy(&scene.key);
  assert_int_equal(uv_loop_close(&loop), 0);
  return !failed;
}

static void test_everything_is_given_back(void **state) {
  (void)state;
  assert_true(live_once(0));
  long live = counting_allocator_live();
  for (int i = 0; i < 10; i++) {
    assert_true(live_once(0));
    assert_int_equal(counting_allocator_live(), live);
  }
}

static void test_every_allocation_may_fail(void **state) {
  (void)state;
  assert_true(live_once(0));
  long live = counting_allocator_live(), nth = 1;
  while (!live_once(nth)) {
    assert_int_equal(counting_allocator_live(), live);
    nth++;
  }
  assert_int_equal(counting_allocator_live(), live);
  assert_true(nth > 10);
}

/* The very first use, when not even the types are known. */
static void test_first_allocations_may_fail(void **state) {
  (void)state;
  long nth = 1;
  while (!live_once(nth)) {
    nth++;
  }
  assert_true(nth > 10);
}

static void test_hot_paths_allocate_nothing(void **state) {
  (void)state;
  async_resource_t warm, resource;
  void *store = NULL;
  async_context_key_t key;
  assert_int_equal(async_context_key_create("hot", &key), 0);
  assert_int_equal(async_resource_init(&warm, "HOT", NULL), 0);
  long calls = counting_allocator_calls();
  for (int i = 0; i < 100; i++) {
    assert_int_equal(async_resource_init(&resource, "HOT", NULL), 0);
    for (int depth = 0; depth < ASYNC_STACK_PUBLISHED; depth++) {
      assert_int_equal(async_resource_enter(&resource), 0);
    }
    assert_false(async_context_get(&key, &store));
    for (int depth = 0; depth < ASYNC_STACK_PUBLISHED; depth++) {
      async_resource_leave(&resource);
    }
    assert_int_equal(async_resource_emit_destroy(&resource), 0);
    async_resource_finish(&resource);
    async_env_flush();
  }
  assert_int_equal(counting_allocator_calls(), calls);
  async_resource_finish(&warm);
  async_context_key_destroy(&key);
}

static void test_refused_hook_changes_nothing(void **state) {
  fixture_t *fixture = *state;
  static tracer_t tracers[40];
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  int enabled = 0;
  while (enabled < 40) {
    tracer_init(&tracers[enabled], &fixture->trace, "refused:");
    counting_allocator_fail_at(1);
    int error = async_hook_enable(&tracers[enabled].hook);
    counting_allocator_disarm();
    if (error != 0) {
      assert_int_equal(error, UV_ENOMEM);
      break;
    }
    async_hook_disable(&tracers[enabled].hook);
    tracers[enabled].name = "";
    async_hook_callbacks_t none = {0};
    async_hook_init(&tracers[enabled].hook, &none, NULL);
    assert_int_equal(async_hook_enable(&tracers[enabled].hook), 0);
    enabled++;
  }
  assert_true(enabled < 40);
  async_resource_t resource;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_resource_finish(&resource);
  assert_string_equal(fixture->trace.text, "init(#1 T root)");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_missing_functions_are_refused),
      cmocka_unit_test(test_functions_in_force_are_called),
      cmocka_unit_test(test_everything_is_given_back),
      cmocka_unit_test(test_every_allocation_may_fail),
      cmocka_unit_test(test_first_allocations_may_fail),
      cmocka_unit_test_on_loop(test_hot_paths_allocate_nothing),
      cmocka_unit_test_on_loop(test_refused_hook_changes_nothing),
  };
  if (counting_allocator_install() != 0) {
    return 2;
  }
  return test_main(tests, argc, argv);
}
