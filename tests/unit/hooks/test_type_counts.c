/* What a thread has made, run and ended, by type. */
#include "counting_allocator.h"
#include "hooks_fixture.h"
#include "types.h"

#include <stdio.h>
#include <string.h>

static async_type_info_t info;

/* The row of `type`; false when there is none. Its times are added to `sum`. */
static bool find_type(const char *type, async_histogram_t *sum) {
  async_env_t *env = find_env(async_env_thread());
  bool found = false;
  for (size_t i = 0; !found && async_inspect_type(env, i, &info, NULL) == 0;
       i++) {
    found = strcmp(info.type, type) == 0;
    if (found)
      async_inspect_type(env, i, &info, sum);
  }
  async_inspect_release(env);
  return found;
}

static size_t count_rows(void) {
  async_env_t *env = find_env(async_env_thread());
  async_type_info_t row;
  size_t rows = 0;
  while (async_inspect_type(env, rows, &row, NULL) == 0)
    rows++;
  async_inspect_release(env);
  return rows;
}

static void each_type_is_counted_from_init_to_the_end(void **state) {
  async_resource_t resources[3];
  async_histogram_t sum = {0};
  (void)state;
  assert_false(find_type("COUNTED", NULL));
  for (int i = 0; i < 3; i++)
    assert_int_equal(async_resource_init(&resources[i], "COUNTED", NULL), 0);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(async_resource_enter(&resources[i]), 0);
    async_resource_leave(&resources[i]);
  }
  assert_true(find_type("COUNTED", &sum));
  assert_int_equal(info.created, 3);
  assert_int_equal(info.destroyed, 0);
  assert_int_equal(async_histogram_count(&sum), 2);
  for (int i = 0; i < 3; i++)
    async_resource_finish(&resources[i]);
  assert_true(find_type("COUNTED", NULL));
  assert_int_equal(info.destroyed, 3);
}

static void asyncscopes_own_are_counted_apart(void **state) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_INTERNAL};
  async_env_info_t before = own_env_info();
  async_histogram_t sum = {0};
  async_resource_t own, other;
  (void)state;
  assert_int_equal(async_resource_init(&own, "COUNTED", &options), 0);
  assert_int_equal(async_resource_init(&other, "COUNTED", NULL), 0);
  assert_int_equal(async_resource_enter(&own), 0);
  async_resource_leave(&own);
  async_resource_finish(&own);
  assert_true(find_type("COUNTED", &sum));
  assert_int_equal(info.created, 1);
  assert_int_equal(info.destroyed, 0);
  assert_int_equal(info.internal_created, 1);
  assert_int_equal(info.internal_destroyed, 1);
  assert_int_equal(async_histogram_count(&sum), 0);
  async_resource_finish(&other);
  async_env_flush();
  async_env_info_t after = own_env_info();
  assert_int_equal(after.resources_created, before.resources_created + 1);
  assert_int_equal(after.resources_destroyed, before.resources_destroyed + 1);
  assert_int_equal(after.internal_created, before.internal_created + 1);
  assert_int_equal(after.internal_destroyed, before.internal_destroyed + 1);
}

static void assert_counts(uint64_t created, uint64_t destroyed,
                          uint64_t internal_created,
                          uint64_t internal_destroyed) {
  async_histogram_t sum = {0};
  assert_true(find_type("CHANGED", &sum));
  assert_int_equal(info.created, created);
  assert_int_equal(info.destroyed, destroyed);
  assert_int_equal(info.internal_created, internal_created);
  assert_int_equal(info.internal_destroyed, internal_destroyed);
}

/* No count ever goes back, and what lives of each is right at all times. */
static void who_changes_hands_has_ended_with_the_one(void **state) {
  async_env_info_t before = own_env_info();
  async_resource_t resource;
  (void)state;
  assert_int_equal(async_resource_init(&resource, "CHANGED", NULL), 0);
  assert_int_equal(async_resource_set_internal(&resource, false), 0);
  assert_counts(1, 0, 0, 0);
  assert_int_equal(async_resource_set_internal(&resource, true), 0);
  assert_counts(1, 1, 1, 0);
  assert_int_equal(async_resource_set_internal(&resource, false), 0);
  assert_counts(2, 1, 1, 1);
  async_resource_finish(&resource);
  async_env_flush();
  assert_counts(2, 2, 1, 1);
  async_env_info_t after = own_env_info();
  assert_int_equal(after.resources_created, before.resources_created + 2);
  assert_int_equal(after.resources_destroyed, before.resources_destroyed + 2);
  assert_int_equal(after.internal_created, before.internal_created + 1);
  assert_int_equal(after.internal_destroyed, before.internal_destroyed + 1);
}

static void who_has_ended_changes_no_hands(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  tracer_init(&fixture->tracer, &fixture->trace, "t");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_resource_init(&resource, "CHANGED", NULL), 0);
  assert_int_equal(async_resource_emit_destroy(&resource), 0);
  assert_int_equal(async_resource_set_internal(&resource, true), UV_EALREADY);
  async_resource_finish(&resource);
  assert_int_equal(async_resource_set_internal(&resource, true), UV_EINVAL);
  async_env_flush();
  assert_counts(1, 1, 0, 0);
  async_hook_disable(&fixture->tracer.hook);
}

/* Also when hooks hear of destroy later, and when nothing is emitted. */
static void an_end_is_counted_once(void **state) {
  fixture_t *fixture = *state;
  async_resource_t emitted, manual;
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY};
  tracer_init(&fixture->tracer, &fixture->trace, "t");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_resource_init(&emitted, "ENDED", NULL), 0);
  assert_int_equal(async_resource_init(&manual, "ENDED", &options), 0);
  assert_int_equal(async_resource_emit_destroy(&emitted), 0);
  assert_true(find_type("ENDED", NULL));
  assert_int_equal(info.destroyed, 1);
  async_resource_finish(&emitted);
  async_resource_finish(&manual);
  async_env_flush();
  assert_true(find_type("ENDED", NULL));
  assert_int_equal(info.destroyed, 2);
  async_hook_disable(&fixture->tracer.hook);
}

static void a_run_counts_when_its_resource_ends_inside(void **state) {
  async_resource_t resource;
  async_histogram_t sum = {0};
  (void)state;
  assert_int_equal(async_resource_init(&resource, "ONCE", NULL), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_resource_t ended = resource;
  async_resource_finish(&resource);
  async_resource_leave(&ended);
  assert_true(find_type("ONCE", &sum));
  assert_int_equal(async_histogram_count(&sum), 1);
}

static void a_type_is_what_stands_in_its_buffer_now(void **state) {
  char type[] = "FIRST";
  (void)state;
  for (int i = 0; i < 2; i++) {
    async_resource_t resource;
    assert_int_equal(async_resource_init(&resource, type, NULL), 0);
    assert_string_equal(async_resource_type(&resource), type);
    async_resource_finish(&resource);
    memcpy(type, "OTHER", sizeof(type));
  }
}

/* Two names whose first place in a thread's cache is the same one. */
static void choose_names(char *names, size_t bytes, char *ret_names[2]) {
  static asyncscope__type_cache_t cache;
  ret_names[0] = names;
  ret_names[1] = names + 8;
  while (asyncscope__type_place(&cache, ret_names[1], 0) !=
         asyncscope__type_place(&cache, names, 0))
    ret_names[1]++;
  assert_true(ret_names[1] + 8 <= names + bytes);
  memcpy(ret_names[0], "PLACED", sizeof("PLACED"));
  memcpy(ret_names[1], "BESIDE", sizeof("BESIDE"));
}

static void types_that_share_a_place_are_told_apart(void **state) {
  static char memory[8192];
  char *names[2];
  (void)state;
  choose_names(memory, sizeof(memory), names);
  for (int i = 0; i < 6; i++) {
    async_resource_t resource;
    assert_int_equal(async_resource_init(&resource, names[i & 1], NULL), 0);
    assert_string_equal(async_resource_type(&resource), names[i & 1]);
    async_resource_finish(&resource);
  }
  for (int i = 0; i < 2; i++) {
    assert_true(find_type(names[i], NULL));
    assert_int_equal(info.created, 3);
    assert_int_equal(info.destroyed, 3);
  }
}

static void types_beyond_the_table_are_others(void **state) {
  enum { MANY = 300 };
  async_env_info_t before = own_env_info();
  char type[16];
  (void)state;
  for (int i = 0; i < MANY; i++) {
    async_resource_t resource;
    snprintf(type, sizeof(type), "MANY%d", i);
    assert_int_equal(async_resource_init(&resource, type, NULL), 0);
    async_resource_finish(&resource);
  }
  assert_int_equal(count_rows(), 256);
  assert_true(find_type("MANY254", NULL));
  assert_int_equal(info.created, 1);
  assert_false(find_type("MANY255", NULL));
  assert_true(find_type("others", NULL));
  assert_int_equal(info.created, MANY - 255);
  assert_int_equal(info.destroyed, MANY - 255);
  assert_int_equal(own_env_info().resources_created,
                   before.resources_created + MANY);
}

static void without_memory_for_its_type_nothing_is_made(void **state) {
  int failures = -1, status = UV_ENOMEM;
  async_resource_t resource;
  (void)state;
  for (long nth = 1; status == UV_ENOMEM; nth++) {
    counting_allocator_fail_at(nth);
    status = async_resource_init(&resource, "SCARCE", NULL);
    counting_allocator_disarm();
    failures++;
  }
  assert_int_equal(status, 0);
  assert_true(failures >= 3); /* the name, a page, a row */
  assert_true(find_type("SCARCE", NULL));
  assert_int_equal(info.created, 1);
  async_resource_finish(&resource);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(each_type_is_counted_from_init_to_the_end),
      cmocka_unit_test_on_loop(asyncscopes_own_are_counted_apart),
      cmocka_unit_test_on_loop(who_changes_hands_has_ended_with_the_one),
      cmocka_unit_test_on_loop(who_has_ended_changes_no_hands),
      cmocka_unit_test_on_loop(an_end_is_counted_once),
      cmocka_unit_test_on_loop(a_run_counts_when_its_resource_ends_inside),
      cmocka_unit_test_on_loop(a_type_is_what_stands_in_its_buffer_now),
      cmocka_unit_test_on_loop(types_that_share_a_place_are_told_apart),
      cmocka_unit_test_on_loop(types_beyond_the_table_are_others),
      cmocka_unit_test_on_loop(without_memory_for_its_type_nothing_is_made),
  };
  if (counting_allocator_install() != 0)
    return 2;
  return test_main(tests, argc, argv);
}
