/* The request that resources made under a frame belong to. */
#include "hooks_fixture.h"

static char store[] = "store";
static async_context_key_t request_key, other_key;

static async_context_frame_t *with(async_context_frame_t *base,
                                   const async_context_key_t *key,
                                   uint64_t request) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = store, .request = request};
  assert_int_equal(async_context_frame_with(base, key, &value, &frame), 0);
  async_context_frame_release(base);
  return frame;
}

static async_context_frame_t *without(async_context_frame_t *base,
                                      const async_context_key_t *key) {
  async_context_frame_t *frame = NULL;
  assert_int_equal(async_context_frame_without(base, key, &frame), 0);
  async_context_frame_release(base);
  return frame;
}

static void make_keys(void) {
  assert_int_equal(async_context_key_create("request", &request_key), 0);
  assert_int_equal(async_context_key_create("other", &other_key), 0);
}

static void end_keys(async_context_frame_t *frame) {
  async_context_frame_release(frame);
  async_context_key_destroy(&request_key);
  async_context_key_destroy(&other_key);
}

static void test_frame_belongs_to_the_request_of_its_value(void **state) {
  (void)state;
  make_keys();
  async_context_frame_t *frame = with(NULL, &request_key, 7);
  assert_int_equal(async_context_frame_request(frame), 7);
  frame = with(frame, &request_key, 8);
  assert_int_equal(async_context_frame_request(frame), 8);
  end_keys(frame);
}

static void test_value_without_a_request_keeps_it(void **state) {
  (void)state;
  make_keys();
  async_context_frame_t *frame = with(NULL, &request_key, 7);
  frame = with(frame, &other_key, 0);
  assert_int_equal(async_context_frame_request(frame), 7);
  end_keys(frame);
}

static void test_removing_the_request_removes_it(void **state) {
  (void)state;
  make_keys();
  async_context_frame_t *frame = with(NULL, &other_key, 0);
  frame = without(with(frame, &request_key, 7), &request_key);
  assert_int_equal(async_context_frame_request(frame), 0);
  end_keys(frame);
}

/* exit() of some storage must not take a resource out of its request. */
static void test_removing_another_key_keeps_the_request(void **state) {
  (void)state;
  make_keys();
  async_context_frame_t *frame = with(NULL, &request_key, 7);
  frame = without(with(frame, &other_key, 0), &other_key);
  assert_int_equal(async_context_frame_request(frame), 7);
  end_keys(frame);
}

static void test_resource_belongs_to_the_request_of_its_frame(void **state) {
  (void)state;
  make_keys();
  async_resource_t resource;
  async_resource_info_t info;
  async_context_frame_release(
      async_context_frame_exchange(with(NULL, &request_key, 7)));
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_true(
      find_info(async_env_thread(), async_resource_async_id(&resource), &info));
  assert_int_equal(info.request, 7);
  assert_int_not_equal(info.frame, 0);
  assert_int_equal(info.storages, 1u << request_key.slot);
  async_resource_finish(&resource);
  end_keys(async_context_frame_exchange(NULL));
}

static void test_key_names_are_cut_and_forgotten(void **state) {
  (void)state;
  char name[64] = "unchanged";
  async_context_key_t key;
  assert_int_equal(
      async_context_key_create("0123456789abcdef0123456789abcdefghij", &key),
      0);
  uint32_t slot = key.slot;
  async_inspect_key_name(slot, name, sizeof(name));
  assert_string_equal(name, "0123456789abcdef0123456789abcde");
  async_inspect_key_name(slot, name, 4);
  assert_string_equal(name, "012");
  async_context_key_destroy(&key);
  async_inspect_key_name(slot, name, sizeof(name));
  assert_string_equal(name, "");
  async_inspect_key_name(UINT32_MAX, name, sizeof(name));
  assert_string_equal(name, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_frame_belongs_to_the_request_of_its_value),
      cmocka_unit_test_on_loop(test_value_without_a_request_keeps_it),
      cmocka_unit_test_on_loop(test_removing_the_request_removes_it),
      cmocka_unit_test_on_loop(test_removing_another_key_keeps_the_request),
      cmocka_unit_test_on_loop(
          test_resource_belongs_to_the_request_of_its_frame),
      cmocka_unit_test_on_loop(test_key_names_are_cut_and_forgotten),
  };
  return test_main(tests, argc, argv);
}
