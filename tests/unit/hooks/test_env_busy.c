/* What the environment calls at top level cannot end it: whoever called goes on
 * with it. */
#include "hooks_fixture.h"

#include "asyncscope/async_fail.h"

static int detached; /* what async_env_detach() answered inside */

static void try_to_detach(void *store) {
  ++*(int *)store;
  detached = async_env_detach();
}

/* A store whose release tries it, and which counts. */
typedef struct store_s {
  async_context_key_t key;
  int released;
} store_t;

static async_context_frame_t *frame_of(store_t *store) {
  async_context_value_t value = {.store = &store->released,
                                 .release = try_to_detach};
  async_context_frame_t *frame = NULL;
  *store = (store_t){.released = 0};
  assert_int_equal(async_context_key_create("k", &store->key), 0);
  assert_int_equal(async_context_frame_with(NULL, &store->key, &value, &frame),
                   0);
  return frame;
}

static void assert_released_in_vain(store_t *store) {
  assert_int_equal(store->released, 1);
  assert_int_equal(detached, UV_EBUSY);
  async_context_key_destroy(&store->key);
}

static void a_release_cannot_end_the_environment(void **state) {
  store_t store;
  (void)state;
  async_context_frame_release(frame_of(&store));
  assert_released_in_vain(&store);
}

static void a_release_cannot_end_another_environment(void **state) {
  fixture_t *fixture = *state;
  store_t store;
  async_context_frame_t *frame = frame_of(&store);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  async_context_frame_release(frame);
  assert_released_in_vain(&store);
}

static void a_release_behind_a_callback_cannot_end_the_environment(
    void **state) {
  store_t store;
  async_resource_t resource = {.data = NULL};
  (void)state;
  async_context_frame_t *frame = frame_of(&store);
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = frame};
  assert_int_equal(async_resource_init(&resource, "T", &options), 0);
  async_context_frame_release(frame);
  assert_int_equal(async_callback_scope_open(&resource), 0);
  async_resource_finish(&resource);
  assert_int_equal(store.released, 0);
  async_callback_scope_close(&resource);
  assert_released_in_vain(&store);
}

static void on_failure(const char *message, void *data) {
  (void)message;
  try_to_detach(data);
}

static void the_handler_of_failures_cannot_end_the_environment(void **state) {
  int calls = 0;
  (void)state;
  assert_int_equal(async_set_uncaught_exception_handler(on_failure, &calls), 0);
  async_fail("at top level");
  async_env_flush();
  assert_int_equal(calls, 1);
  assert_int_equal(detached, UV_EBUSY);
}

static void on_cleanup(async_env_cleanup_t *cleanup) {
  try_to_detach(cleanup->data);
}

static void a_cleanup_hook_cannot_end_the_environment(void **state) {
  fixture_t *fixture = *state;
  int calls = 0;
  async_env_cleanup_t cleanup = {.data = &calls};
  assert_int_equal(async_env_add_cleanup_hook(&cleanup, on_cleanup), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(calls, 1);
  assert_int_equal(detached, UV_EBUSY);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_release_cannot_end_the_environment),
      cmocka_unit_test_on_loop(a_release_cannot_end_another_environment),
      cmocka_unit_test_on_loop(
          a_release_behind_a_callback_cannot_end_the_environment),
      cmocka_unit_test_on_loop(
          the_handler_of_failures_cannot_end_the_environment),
      cmocka_unit_test_on_loop(a_cleanup_hook_cannot_end_the_environment),
  };
  return test_main(tests, argc, argv);
}
