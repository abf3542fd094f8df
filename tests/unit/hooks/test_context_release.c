/* Each value is retained once when it is set and released once, when the last
 * frame that shows it is gone, on the thread that set it. */
#include "hooks_fixture.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef struct store_s {
  atomic_int retained, released;
  _Atomic uint32_t released_on; /* thread of the last release */
} store_t;

static void retain(void *store) {
  atomic_fetch_add(&((store_t *)store)->retained, 1);
}

static void release(void *store) {
  ((store_t *)store)->released_on = async_env_thread();
  atomic_fetch_add(&((store_t *)store)->released, 1);
}

static async_context_key_t keys[64];
static store_t stores[64];

static void make_keys(size_t count) {
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(async_context_key_create("k", &keys[i]), 0);
    stores[i] = (store_t){.released_on = ASYNC_THREAD_NONE};
  }
}

static void end_keys(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_context_key_destroy(&keys[i]);
  }
}

/* Gives up `base`; NULL where there is no memory or no environment. */
static async_context_frame_t *add(async_context_frame_t *base, size_t which) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {
      .store = &stores[which], .retain = retain, .release = release};
  (void)async_context_frame_with(base, &keys[which], &value, &frame);
  async_context_frame_release(base);
  return frame;
}

static void assert_counts(size_t which, int retained, int released) {
  assert_int_equal(atomic_load(&stores[which].retained), retained);
  assert_int_equal(atomic_load(&stores[which].released), released);
}

static void test_value_is_retained_and_released_once(void **state) {
  (void)state;
  make_keys(1);
  async_context_frame_t *frame = add(NULL, 0);
  assert_counts(0, 1, 0);
  async_context_frame_release(async_context_frame_retain(frame));
  assert_counts(0, 1, 0);
  async_context_frame_release(frame);
  assert_counts(0, 1, 1);
  end_keys(1);
}

/* Neither frame is counted atomically: they are no other thread's. */
static void test_swapped_frames_release_their_values(void **state) {
  (void)state;
  make_keys(2);
  async_context_value_t value = {
      .store = &stores[0], .retain = retain, .release = release};
  async_context_frame_release(async_context_frame_swap(add(NULL, 1)));
  async_context_frame_t *outer = async_context_frame_swap(NULL);
  assert_int_equal(async_context_set(&keys[0], &value), 0);
  async_context_frame_t *inner = async_context_frame_swap(outer);
  assert_ptr_equal(async_context_frame_current(), outer);
  assert_counts(0, 1, 0);
  async_context_frame_release(inner);
  assert_counts(0, 1, 1);
  assert_counts(1, 1, 0);
  async_context_frame_release(async_context_frame_swap(NULL));
  assert_counts(1, 1, 1);
  end_keys(2);
}

static void test_same_store_set_twice_is_counted_twice(void **state) {
  (void)state;
  make_keys(1);
  async_context_frame_t *frame = add(add(NULL, 0), 0);
  assert_counts(0, 2, 1);
  async_context_frame_release(frame);
  assert_counts(0, 2, 2);
  end_keys(1);
}

static void test_value_lives_as_long_as_the_last_frame(void **state) {
  (void)state;
  make_keys(64);
  async_context_frame_t *base = NULL, *derived[64];
  for (size_t i = 0; i < 64; i++) {
    base = add(base, i);
  }
  for (size_t i = 0; i < 64; i++) {
    assert_int_equal(async_context_frame_without(base, &keys[i], &derived[i]),
                     0);
  }
  async_context_frame_release(base);
  for (size_t i = 1; i < 64; i++) {
    async_context_frame_release(derived[i]);
  }
  assert_counts(0, 1, 1);
  for (size_t i = 1; i < 64; i++) {
    assert_counts(i, 1, 0);
  }
  async_context_frame_release(derived[0]);
  for (size_t i = 0; i < 64; i++) {
    assert_counts(i, 1, 1);
  }
  end_keys(64);
}

static void test_value_without_functions_is_left_alone(void **state) {
  (void)state;
  make_keys(1);
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = &stores[0]};
  assert_int_equal(async_context_frame_with(NULL, &keys[0], &value, &frame), 0);
  async_context_frame_release(frame);
  assert_counts(0, 0, 0);
  end_keys(1);
}

static void test_resource_holds_its_frame_until_it_finishes(void **state) {
  (void)state;
  make_keys(1);
  async_resource_t resource;
  async_context_frame_release(async_context_frame_exchange(add(NULL, 0)));
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_context_frame_release(async_context_frame_exchange(NULL));
  assert_counts(0, 1, 0);
  assert_int_equal(async_resource_emit_destroy(&resource), 0);
  async_env_flush();
  assert_counts(0, 1, 0);
  async_resource_finish(&resource);
  assert_counts(0, 1, 1);
  end_keys(1);
}

static void test_destroyed_key_still_releases_its_stores(void **state) {
  (void)state;
  make_keys(1);
  async_context_frame_t *frame = add(NULL, 0);
  end_keys(1);
  assert_counts(0, 1, 0);
  async_context_frame_release(frame);
  assert_counts(0, 1, 1);
}

static void test_detach_drops_the_current_frame(void **state) {
  fixture_t *fixture = *state;
  make_keys(1);
  async_context_frame_release(async_context_frame_exchange(add(NULL, 0)));
  assert_int_equal(async_env_detach(), 0);
  assert_counts(0, 1, 1);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  end_keys(1);
}

static void test_resource_forgotten_by_detach_still_holds_its_frame(
    void **state) {
  fixture_t *fixture = *state;
  make_keys(1);
  async_resource_t resource;
  async_context_frame_release(async_context_frame_exchange(add(NULL, 0)));
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_counts(0, 1, 0);
  async_resource_finish(&resource);
  assert_counts(0, 1, 1);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  end_keys(1);
}

static void drop(void *frame) {
  async_context_frame_release(frame);
}

static void drop_with_environment(void *frame) {
  (void)async_env_open(ASYNC_ENV_WORKER, "dropper");
  async_context_frame_release(frame);
  (void)async_env_detach();
}

static void on_keep_alive(uv_timer_t *timer) {
  (void)timer;
}

/* A value on its way home keeps no loop alive, so something else must. */
static void run_until_released(fixture_t *fixture, store_t *store) {
  uv_timer_t keep;
  assert_int_equal(uv_timer_init(&fixture->loop, &keep), 0);
  assert_int_equal(uv_timer_start(&keep, on_keep_alive, 60000, 0), 0);
  while (atomic_load(&store->released) == 0) {
    uv_run(&fixture->loop, UV_RUN_ONCE);
  }
  uv_close((uv_handle_t *)&keep, NULL);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

static void drop_elsewhere(fixture_t *fixture, void (*dropper)(void *)) {
  make_keys(1);
  run_on_thread(dropper, add(NULL, 0));
  assert_counts(0, 1, 0);
  run_until_released(fixture, &stores[0]);
  assert_counts(0, 1, 1);
  assert_true(stores[0].released_on == async_env_thread());
  end_keys(1);
}

static void test_release_is_posted_to_the_loop_of_its_thread(void **state) {
  drop_elsewhere(*state, drop_with_environment);
}

static void test_release_is_posted_from_a_bare_thread(void **state) {
  drop_elsewhere(*state, drop);
}

static void test_flush_runs_posted_releases(void **state) {
  (void)state;
  make_keys(1);
  run_on_thread(drop, add(NULL, 0));
  async_env_flush();
  assert_counts(0, 1, 1);
  end_keys(1);
}

static void test_detach_runs_posted_releases(void **state) {
  fixture_t *fixture = *state;
  make_keys(1);
  uint32_t thread = async_env_thread();
  run_on_thread(drop, add(NULL, 0));
  assert_counts(0, 1, 0);
  assert_int_equal(async_env_detach(), 0);
  assert_counts(0, 1, 1);
  assert_true(stores[0].released_on == thread);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  end_keys(1);
}

static void make_and_end(void *arg) {
  (void)async_env_open(ASYNC_ENV_OTHER, "maker");
  *(async_context_frame_t **)arg = add(add(NULL, 0), 1);
  (void)async_env_detach();
}

static void test_frame_of_an_ended_environment_is_released_here(void **state) {
  (void)state;
  void *store = NULL;
  async_context_frame_t *frame = NULL;
  make_keys(2);
  run_on_thread(make_and_end, &frame);
  assert_true(async_context_frame_get(frame, &keys[0], &store));
  assert_ptr_equal(store, &stores[0]);
  assert_counts(0, 1, 0);
  async_context_frame_release(frame);
  assert_counts(0, 1, 1);
  assert_counts(1, 1, 1);
  assert_true(stores[0].released_on == async_env_thread());
  end_keys(2);
}

/* The owner ends its environment while another thread drops. */
typedef struct race_s {
  async_context_frame_t *frames[64];
  uv_barrier_t start;
} race_t;

static void race_owner(void *arg) {
  race_t *race = arg;
  (void)async_env_open(ASYNC_ENV_OTHER, "owner");
  for (size_t i = 0; i < 64; i++) {
    race->frames[i] = add(NULL, i);
  }
  uv_barrier_wait(&race->start);
  (void)async_env_detach();
}

static void race_once(race_t *race) {
  uv_thread_t owner;
  assert_int_equal(uv_barrier_init(&race->start, 2), 0);
  assert_int_equal(uv_thread_create(&owner, race_owner, race), 0);
  uv_barrier_wait(&race->start);
  for (size_t i = 0; i < 64; i++) {
    async_context_frame_release(race->frames[i]);
  }
  assert_int_equal(uv_thread_join(&owner), 0);
  uv_barrier_destroy(&race->start);
}

static void test_end_races_with_drops(void **state) {
  (void)state;
  static race_t race;
  make_keys(64);
  for (int i = 1; i <= 100; i++) {
    race_once(&race);
    for (size_t k = 0; k < 64; k++) {
      assert_counts(k, i, i);
    }
  }
  end_keys(64);
}

/* Both threads hold, derive and drop the same frames. */
static void derive_many(void *arg) {
  bool opened = async_env_open(ASYNC_ENV_WORKER, "sharer") == 0;
  for (int i = 0; i < 2000; i++) {
    async_context_frame_t *frame = async_context_frame_retain(arg);
    async_context_frame_release(add(frame, 1 + (size_t)(i % 8)));
  }
  if (opened) {
    (void)async_env_detach();
  }
}

static void test_shared_frame_is_counted_right(void **state) {
  (void)state;
  make_keys(16);
  uv_thread_t threads[3];
  async_context_frame_t *frame = NULL;
  for (size_t i = 9; i < 16; i++) {
    frame = add(frame, i);
  }
  frame = add(frame, 0);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(uv_thread_create(&threads[i], derive_many, frame), 0);
  }
  derive_many(frame);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(uv_thread_join(&threads[i]), 0);
  }
  assert_counts(0, 1, 0);
  for (size_t i = 1; i < 9; i++) {
    assert_counts(i, 1000, 1000);
  }
  async_context_frame_release(frame);
  assert_counts(0, 1, 1);
  end_keys(16);
}

static void test_stores_created_equal_stores_released(void **state) {
  (void)state;
  make_keys(64);
  async_env_info_t before = own_env_info();
  async_context_frame_t *frame = NULL;
  for (size_t i = 0; i < 64; i++) {
    frame = add(frame, i);
  }
  run_on_thread(drop, frame);
  async_env_flush();
  async_env_info_t after = own_env_info();
  assert_int_equal(after.stores_created - before.stores_created, 64);
  assert_int_equal(after.stores_released - before.stores_released, 64);
  assert_int_equal(after.frames_created - before.frames_created, 64);
  assert_int_equal(after.frames_released - before.frames_released, 64);
  end_keys(64);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_value_is_retained_and_released_once),
      cmocka_unit_test_on_loop(test_swapped_frames_release_their_values),
      cmocka_unit_test_on_loop(test_same_store_set_twice_is_counted_twice),
      cmocka_unit_test_on_loop(test_value_lives_as_long_as_the_last_frame),
      cmocka_unit_test_on_loop(test_value_without_functions_is_left_alone),
      cmocka_unit_test_on_loop(test_resource_holds_its_frame_until_it_finishes),
      cmocka_unit_test_on_loop(test_destroyed_key_still_releases_its_stores),
      cmocka_unit_test_on_loop(test_detach_drops_the_current_frame),
      cmocka_unit_test_on_loop(
          test_resource_forgotten_by_detach_still_holds_its_frame),
      cmocka_unit_test_on_loop(
          test_release_is_posted_to_the_loop_of_its_thread),
      cmocka_unit_test_on_loop(test_release_is_posted_from_a_bare_thread),
      cmocka_unit_test_on_loop(test_flush_runs_posted_releases),
      cmocka_unit_test_on_loop(test_detach_runs_posted_releases),
      cmocka_unit_test_on_loop(
          test_frame_of_an_ended_environment_is_released_here),
      cmocka_unit_test_on_loop(test_end_races_with_drops),
      cmocka_unit_test_on_loop(test_shared_frame_is_counted_right),
      cmocka_unit_test_on_loop(test_stores_created_equal_stores_released),
  };
  return test_main(tests, argc, argv);
}
