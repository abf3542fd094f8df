/* What the current frame answers a second time: what was read before is found
 * faster, and is never what is not there any more. */
#include "hooks_fixture.h"

#include <stdatomic.h>

#define KEYS    24
#define THREADS 2

static async_context_key_t keys[KEYS];
static char stores[KEYS], nothing[] = "nothing";

static void make_keys(void) {
  for (size_t i = 0; i < KEYS; i++)
    assert_int_equal(async_context_key_create("key", &keys[i]), 0);
}

/* The current frame goes, too. */
static void end_keys(void) {
  async_context_frame_release(async_context_frame_exchange(NULL));
  for (size_t i = 0; i < KEYS; i++)
    async_context_key_destroy(&keys[i]);
}

static void set(size_t which) {
  async_context_value_t value = {.store = &stores[which]};
  assert_int_equal(async_context_set(&keys[which], &value), 0);
}

static void set_all(void) {
  for (size_t i = 0; i < KEYS; i++)
    set(i);
}

static void *get(size_t which) {
  return async_context_get_or(&keys[which], nothing);
}

static void test_keys_read_in_turns_answer_each_its_own(void **state) {
  (void)state;
  make_keys();
  set_all();
  for (size_t i = 0; i < 3 * KEYS; i++) {
    assert_ptr_equal(get(i % KEYS), &stores[i % KEYS]);
    assert_ptr_equal(get(i % KEYS), &stores[i % KEYS]);
    assert_ptr_equal(get(0), &stores[0]);
  }
  end_keys();
}

static void test_store_that_was_read_is_not_seen_when_disabled(void **state) {
  (void)state;
  make_keys();
  set_all();
  assert_ptr_equal(get(0), &stores[0]);
  assert_ptr_equal(get(KEYS - 1), &stores[KEYS - 1]);
  async_context_frame_disable(async_context_frame_current(), &keys[0]);
  async_context_frame_disable(async_context_frame_current(), &keys[KEYS - 1]);
  assert_ptr_equal(get(0), nothing);
  assert_ptr_equal(get(KEYS - 1), nothing);
  assert_ptr_equal(get(1), &stores[1]);
  end_keys();
}

static void test_frame_where_a_disabled_one_lay_shows_its_stores(void **state) {
  (void)state;
  make_keys();
  for (size_t i = 0; i < KEYS; i++) {
    set(i);
    async_context_frame_disable(async_context_frame_current(), &keys[i]);
    async_context_frame_release(async_context_frame_exchange(NULL));
    set_all();
    assert_ptr_equal(get(i), &stores[i]);
    async_context_frame_release(async_context_frame_exchange(NULL));
  }
  end_keys();
}

static void test_store_of_a_frame_that_is_gone_is_not_read(void **state) {
  (void)state;
  make_keys();
  set_all();
  assert_ptr_equal(get(0), &stores[0]);
  async_context_frame_release(async_context_frame_exchange(NULL));
  for (size_t i = 1; i < KEYS; i++) {
    set(i);
    assert_ptr_equal(get(0), nothing);
  }
  end_keys();
}

static void test_key_that_was_read_does_not_answer_its_successor(void **state) {
  (void)state;
  make_keys();
  set_all();
  assert_ptr_equal(get(3), &stores[3]);
  uint32_t slot = keys[3].slot;
  async_context_key_destroy(&keys[3]);
  assert_ptr_equal(get(3), nothing);
  assert_int_equal(async_context_key_create("young", &keys[3]), 0);
  assert_int_equal(keys[3].slot, slot);
  assert_ptr_equal(get(3), nothing);
  end_keys();
}

static void test_run_inside_brings_back_what_was_read(void **state) {
  (void)state;
  async_context_entered_t entered;
  async_context_value_t value = {.store = &stores[1]};
  make_keys();
  set_all();
  assert_ptr_equal(get(0), &stores[0]);
  assert_int_equal(async_context_enter(&keys[0], &value, &entered), 0);
  assert_ptr_equal(get(0), &stores[1]);
  assert_ptr_equal(get(4), &stores[4]);
  assert_true(async_context_leave(&entered));
  assert_ptr_equal(get(0), &stores[0]);
  assert_ptr_equal(get(4), &stores[4]);
  end_keys();
}

static atomic_size_t wrong;

static void read_all(void *frame) {
  uv_loop_t loop;
  uv_loop_init(&loop);
  atomic_fetch_add(&wrong, async_env_attach(&loop) != 0);
  async_context_frame_release(
      async_context_frame_exchange(async_context_frame_retain(frame)));
  for (size_t i = 0; i < 200 * KEYS; i++)
    atomic_fetch_add(&wrong, get(i % KEYS) != &stores[i % KEYS]);
  async_context_frame_release(async_context_frame_exchange(NULL));
  atomic_fetch_add(&wrong, async_env_detach() != 0);
  uv_loop_close(&loop);
}

static void test_threads_that_read_one_frame_read_its_stores(void **state) {
  (void)state;
  uv_thread_t threads[THREADS];
  make_keys();
  set_all();
  atomic_store(&wrong, 0);
  async_context_frame_t *frame =
      async_context_frame_retain(async_context_frame_current());
  for (size_t i = 0; i < THREADS; i++)
    assert_int_equal(uv_thread_create(&threads[i], read_all, frame), 0);
  for (size_t i = 0; i < THREADS; i++)
    uv_thread_join(&threads[i]);
  assert_int_equal(atomic_load(&wrong), 0);
  async_context_frame_release(frame);
  end_keys();
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_keys_read_in_turns_answer_each_its_own),
      cmocka_unit_test_on_loop(
          test_store_that_was_read_is_not_seen_when_disabled),
      cmocka_unit_test_on_loop(
          test_frame_where_a_disabled_one_lay_shows_its_stores),
      cmocka_unit_test_on_loop(test_store_of_a_frame_that_is_gone_is_not_read),
      cmocka_unit_test_on_loop(
          test_key_that_was_read_does_not_answer_its_successor),
      cmocka_unit_test_on_loop(test_run_inside_brings_back_what_was_read),
      cmocka_unit_test_on_loop(
          test_threads_that_read_one_frame_read_its_stores),
  };
  return test_main(tests, argc, argv);
}
