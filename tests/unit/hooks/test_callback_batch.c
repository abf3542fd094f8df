/* How often the clock is read. Linked so that the library's calls of
 * uv_hrtime() come here first: each reading is the number of its call. */
#include "hooks_fixture.h"

uint64_t __wrap_uv_hrtime(void);

static _Thread_local uint64_t reads;

uint64_t __wrap_uv_hrtime(void) {
  return ++reads;
}

static uint64_t now_in_scope(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  uint64_t now_ns = async_env_now_ns();
  async_resource_leave(resource);
  return now_ns;
}

static void test_clock_is_read_at_each_boundary(void **state) {
  (void)state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  uint64_t before = reads;
  assert_int_equal(now_in_scope(&resource), before + 1);
  assert_int_equal(async_env_now_ns(), before + 2);
  assert_int_equal(now_in_scope(&resource), before + 3);
  assert_int_equal(reads, before + 4);
  async_resource_finish(&resource);
}

static void test_in_a_batch_end_and_beginning_are_one_boundary(void **state) {
  (void)state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  uint64_t before = reads;
  async_env_batch_begin();
  assert_int_equal(reads, before + 1);
  assert_int_equal(now_in_scope(&resource), before + 1);
  assert_int_equal(now_in_scope(&resource), before + 2);
  assert_int_equal(async_env_now_ns(), before + 3);
  assert_int_equal(reads, before + 3);
  async_env_batch_end();
  assert_int_equal(now_in_scope(&resource), before + 4);
  async_resource_finish(&resource);
}

static void test_pause_in_a_batch_is_no_ones_time(void **state) {
  (void)state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_env_batch_begin();
  now_in_scope(&resource);
  uint64_t before = reads;
  async_env_batch_begin();
  assert_int_equal(now_in_scope(&resource), before + 1);
  async_env_batch_end();
  async_resource_finish(&resource);
}

static void test_scopes_inside_a_callback_have_their_own(void **state) {
  (void)state;
  async_resource_t outer = {0}, inner = {0};
  assert_int_equal(async_resource_init(&outer, "OUTER", NULL), 0);
  assert_int_equal(async_resource_init(&inner, "INNER", NULL), 0);
  async_env_batch_begin();
  assert_int_equal(async_resource_enter(&outer), 0);
  uint64_t before = reads;
  assert_int_equal(now_in_scope(&inner), before + 1);
  assert_int_equal(now_in_scope(&inner), before + 3);
  async_resource_leave(&outer);
  async_env_batch_end();
  async_resource_finish(&inner);
  async_resource_finish(&outer);
}

static void test_batch_inside_a_scope_is_of_what_is_entered_there(
    void **state) {
  (void)state;
  async_resource_t outer = {0}, inner = {0};
  assert_int_equal(async_resource_init(&outer, "OUTER", NULL), 0);
  assert_int_equal(async_resource_init(&inner, "INNER", NULL), 0);
  assert_int_equal(async_resource_enter(&outer), 0);
  uint64_t before = reads;
  async_env_batch_begin();
  assert_int_equal(now_in_scope(&inner), before);
  assert_int_equal(now_in_scope(&inner), before + 1);
  assert_int_equal(async_env_now_ns(), before + 2);
  async_env_batch_end();
  assert_int_equal(now_in_scope(&inner), before + 3);
  async_resource_leave(&outer);
  assert_int_equal(now_in_scope(&inner), before + 6);
  async_resource_finish(&inner);
  async_resource_finish(&outer);
}

static void test_what_a_batch_makes_is_dated_by_it(void **state) {
  (void)state;
  async_resource_t resource = {0};
  async_env_batch_begin();
  uint64_t before = reads;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_int_equal(reads, before);
  async_env_batch_end();
  async_resource_finish(&resource);
}

static void test_thread_without_environment_has_no_batch(void **state) {
  (void)state;
  async_env_batch_begin();
  async_env_batch_end();
  assert_int_equal(async_env_now_ns(), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_clock_is_read_at_each_boundary),
      cmocka_unit_test_on_loop(
          test_in_a_batch_end_and_beginning_are_one_boundary),
      cmocka_unit_test_on_loop(test_pause_in_a_batch_is_no_ones_time),
      cmocka_unit_test_on_loop(test_scopes_inside_a_callback_have_their_own),
      cmocka_unit_test_on_loop(
          test_batch_inside_a_scope_is_of_what_is_entered_there),
      cmocka_unit_test_on_loop(test_what_a_batch_makes_is_dated_by_it),
      cmocka_unit_test(test_thread_without_environment_has_no_batch),
  };
  return test_main(tests, argc, argv);
}
