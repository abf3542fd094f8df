/* A release that is said to have no cancellation point is called as it is, and
 * where every other one is. */
#include "hooks_fixture.h"

#include <pthread.h>

static async_context_key_t key;
static int store; /* how often it was released */
static int cancel_state_inside;
static uint32_t released_on;

static void release(void *released) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state_inside);
  pthread_setcancelstate(cancel_state_inside, NULL);
  released_on = async_env_thread();
  ++*(int *)released;
}

static async_context_frame_t *with_release(bool quick_release) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {
      .store = &store, .release = release, .quick_release = quick_release};
  store = 0;
  assert_int_equal(async_context_key_create("released", &key), 0);
  assert_int_equal(async_context_frame_with(NULL, &key, &value, &frame), 0);
  return frame;
}

static void cancellation_waits_for_a_release(void **state) {
  (void)state;
  async_context_frame_release(with_release(false));
  assert_int_equal(cancel_state_inside, PTHREAD_CANCEL_DISABLE);
  assert_int_equal(store, 1);
  async_context_key_destroy(&key);
}

static void cancellation_does_not_wait_for_a_quick_one(void **state) {
  (void)state;
  async_context_frame_release(with_release(true));
  assert_int_equal(cancel_state_inside, PTHREAD_CANCEL_ENABLE);
  assert_int_equal(store, 1);
  async_context_key_destroy(&key);
}

static void drop(void *frame) {
  async_context_frame_release(frame);
}

static void a_quick_one_runs_at_home_too(void **state) {
  (void)state;
  run_on_thread(drop, with_release(true));
  assert_int_equal(store, 0);
  async_env_flush();
  assert_int_equal(store, 1);
  assert_int_equal(released_on, async_env_thread());
  async_context_key_destroy(&key);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(cancellation_waits_for_a_release),
      cmocka_unit_test_on_loop(cancellation_does_not_wait_for_a_quick_one),
      cmocka_unit_test_on_loop(a_quick_one_runs_at_home_too),
  };
  return test_main(tests, argc, argv);
}
