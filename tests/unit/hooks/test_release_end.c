/* A release may end the environment of its thread, in the middle of the end of
 * the frames that held it. */
#include "hooks_fixture.h"

static async_context_key_t keys[3];
static int stores[3]; /* how often each was released */

static void end_environment(void *store) {
  ++*(int *)store;
  assert_int_equal(async_env_detach(), 0);
}

static void make_keys(void) {
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(async_context_key_create("k", &keys[i]), 0);
}

static void end_keys(void) {
  for (size_t i = 0; i < 3; i++)
    async_context_key_destroy(&keys[i]);
}

static async_context_frame_t *add_plain(async_context_frame_t *base,
                                        size_t which,
                                        void (*release_it)(void *)) {
  async_context_value_t value = {.store = &stores[which],
                                 .release = release_it};
  async_context_frame_t *frame = NULL;
  assert_int_equal(async_context_frame_with(base, &keys[which], &value, &frame),
                   0);
  async_context_frame_release(base);
  return frame;
}

/* The last of three, of which the first has a release. */
static async_context_frame_t *three_frames(void) {
  return add_plain(add_plain(add_plain(NULL, 0, end_environment), 1, NULL), 2,
                   NULL);
}

static void a_release_may_end_the_environment(void **state) {
  fixture_t *f = *state;
  make_keys();
  async_context_frame_release(three_frames());
  assert_int_equal(stores[0], 1);
  assert_int_equal(async_env_attach(&f->loop), 0);
  end_keys();
}

static void a_release_may_end_another_environment(void **state) {
  fixture_t *f = *state;
  make_keys();
  async_context_frame_t *frame = three_frames();
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(async_env_attach(&f->loop), 0);
  async_context_frame_release(frame);
  assert_int_equal(stores[0], 1);
  assert_int_equal(async_env_attach(&f->loop), 0);
  end_keys();
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_release_may_end_the_environment),
      cmocka_unit_test_on_loop(a_release_may_end_another_environment),
  };
  return test_main(tests, argc, argv);
}
