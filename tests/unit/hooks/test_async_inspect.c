/* What is published of a thread: its live resources, stack and counters. */
#include "hooks_fixture.h"

#include <stdlib.h>
#include <string.h>

#define MANY 300

static bool find_own(const async_resource_t *resource,
                     async_resource_info_t *ret_info) {
  return find_info(async_env_thread(), async_resource_async_id(resource),
                   ret_info);
}

/* Counts how often each of `count` ids from `first` on is seen, reading in
 * batches of `batch`; what is not among them is counted at the end. */
static void count_seen(async_id_t first, size_t count, size_t batch,
                       unsigned *ret_seen) {
  async_resource_info_t infos[64];
  async_env_t *env = find_env(async_env_thread());
  uint32_t cursor = 0;
  size_t got;
  memset(ret_seen, 0, (count + 1) * sizeof(*ret_seen));
  while ((got = async_inspect_resources(env, &cursor, infos, batch)) > 0) {
    for (size_t i = 0; i < got; i++) {
      size_t which = (size_t)(infos[i].async_id - first);
      ret_seen[which < count ? which : count]++;
    }
  }
  async_inspect_release(env);
}

static void check_live_set(size_t batch) {
  static async_resource_t resources[MANY];
  static unsigned seen[MANY + 1];
  for (size_t i = 0; i < MANY; i++) {
    assert_int_equal(async_resource_init(&resources[i], "LIVE", NULL), 0);
  }
  async_id_t first = async_resource_async_id(&resources[0]);
  for (size_t i = 0; i < MANY; i += 3) {
    async_resource_finish(&resources[i]);
  }
  async_env_flush();
  count_seen(first, MANY, batch, seen);
  for (size_t i = 0; i < MANY; i++) {
    assert_int_equal(seen[i], i % 3 == 0 ? 0 : 1);
    async_resource_finish(&resources[i]);
  }
  assert_int_equal(seen[MANY], 0);
  async_env_flush();
  count_seen(first, MANY, batch, seen);
  for (size_t i = 0; i <= MANY; i++) {
    assert_int_equal(seen[i], 0);
  }
}

static void test_live_set_is_what_was_made(void **state) {
  (void)state;
  check_live_set(1);
  check_live_set(7);
  check_live_set(64);
}

static void test_walk_that_takes_nothing_ends(void **state) {
  (void)state;
  async_resource_info_t info;
  async_env_t *env = find_env(async_env_thread());
  uint32_t cursor = 0;
  assert_int_equal(async_inspect_resources(env, &cursor, &info, 0), 0);
  assert_int_equal(async_inspect_resources(env, &cursor, &info, 1), 0);
  assert_int_equal(async_inspect_resources(env, &cursor, &info, 1), 0);
  async_inspect_release(env);
}

static void test_record_says_who_made_it_and_where(void **state) {
  (void)state;
  async_resource_t outer, inner;
  async_resource_info_t info;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = 111};
  assert_int_equal(async_resource_init(&outer, "OUTER", NULL), 0);
  assert_int_equal(async_resource_enter(&outer), 0);
  uint32_t line = __LINE__ + 1;
  assert_int_equal(async_resource_init(&inner, "INNER", &options), 0);
  async_resource_leave(&outer);
  assert_true(find_own(&inner, &info));
  assert_true(info.thread == async_env_thread());
  assert_string_equal(info.type, "INNER");
  assert_int_equal(info.trigger_async_id, 111);
  assert_int_equal(info.trigger.async_id, 111);
  assert_true(info.trigger.thread == async_env_thread());
  assert_int_equal(info.execution_async_id, async_resource_async_id(&outer));
  assert_non_null(strstr(info.site->file, "test_async_inspect.c"));
  assert_string_equal(info.site->function, __func__);
  assert_int_equal(info.site->line, line);
  async_resource_finish(&inner);
  async_resource_finish(&outer);
}

static void test_record_of_a_cause_elsewhere(void **state) {
  (void)state;
  async_resource_t resource;
  async_resource_info_t info;
  async_ref_t origin = {.thread = 4711, .async_id = 5};
  async_resource_options_t options = {.origin = &origin};
  assert_int_equal(async_resource_init(&resource, "TASK", &options), 0);
  assert_true(find_own(&resource, &info));
  assert_int_equal(info.trigger_async_id, 0);
  assert_int_equal(info.trigger.thread, 4711);
  assert_int_equal(info.trigger.async_id, 5);
  async_resource_finish(&resource);
}

static void test_record_made_outside_of_tracked_code(void **state) {
  (void)state;
  async_resource_t outer, inner;
  async_resource_info_t info;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_EXECUTION_NONE |
                                               ASYNC_RESOURCE_INTERNAL};
  assert_int_equal(async_resource_init(&outer, "OUTER", NULL), 0);
  assert_int_equal(async_resource_enter(&outer), 0);
  assert_int_equal(async_resource_init(&inner, "INNER", &options), 0);
  async_resource_leave(&outer);
  assert_true(find_own(&inner, &info));
  assert_int_equal(info.execution_async_id, ASYNC_ID_NONE);
  assert_true(info.internal);
  assert_true(find_own(&outer, &info));
  assert_false(info.internal);
  async_resource_finish(&inner);
  async_resource_finish(&outer);
}

static void test_records_of_an_internal_thread(void **state) {
  (void)state;
  async_resource_t before, meanwhile, after;
  async_resource_info_t info;
  assert_int_equal(async_resource_init(&before, "BEFORE", NULL), 0);
  assert_false(async_env_set_internal(true));
  assert_int_equal(async_resource_init(&meanwhile, "MEANWHILE", NULL), 0);
  assert_true(async_env_set_internal(false));
  assert_int_equal(async_resource_init(&after, "AFTER", NULL), 0);
  assert_true(find_own(&before, &info));
  assert_false(info.internal);
  assert_true(find_own(&meanwhile, &info));
  assert_true(info.internal);
  assert_true(find_own(&after, &info));
  assert_false(info.internal);
  async_resource_finish(&before);
  async_resource_finish(&meanwhile);
  async_resource_finish(&after);
}

static void test_record_of_an_ending_resource(void **state) {
  fixture_t *fixture = *state;
  async_resource_t resource;
  async_resource_info_t info;
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  async_id_t async_id = async_resource_async_id(&resource);
  assert_true(find_own(&resource, &info));
  assert_false(info.destroyed);
  async_resource_finish(&resource);
  assert_true(find_info(async_env_thread(), async_id, &info));
  assert_true(info.destroyed);
  async_env_flush();
  assert_false(find_info(async_env_thread(), async_id, &info));
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
}

static void test_record_says_what_keeps_the_loop(void **state) {
  (void)state;
  async_immediate_t immediate = {.unreferenced = false};
  async_resource_info_t info;
  assert_int_equal(async_immediate_start(&immediate, on_immediate), 0);
  assert_true(find_own(&immediate.resource, &info));
  assert_true(info.ref);
  async_immediate_unref(&immediate);
  assert_true(find_own(&immediate.resource, &info));
  assert_false(info.ref);
  async_immediate_stop(&immediate);
}

static void test_record_counts_its_callbacks(void **state) {
  (void)state;
  async_resource_t resource;
  async_resource_info_t info;
  uint64_t before_ns = async_inspect_now_ns();
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  for (int i = 0; i < 5; i++) {
    assert_int_equal(async_resource_enter(&resource), 0);
    async_resource_leave(&resource);
  }
  uint64_t after_ns = async_inspect_now_ns();
  assert_true(find_own(&resource, &info));
  assert_int_equal(info.callbacks, 5);
  assert_in_range(info.created_ns, before_ns, after_ns);
  assert_in_range(info.run_ns, 0, after_ns - before_ns + 5000);
  async_resource_finish(&resource);
}

static void test_stack_is_published_outermost_first(void **state) {
  (void)state;
  async_resource_t resources[3];
  uint64_t last_ns = async_inspect_now_ns();
  assert_int_equal(own_env_info().stack_depth, 0);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(async_resource_init(&resources[i], "T", NULL), 0);
    assert_int_equal(async_resource_enter(&resources[i]), 0);
  }
  async_env_info_t info = own_env_info();
  assert_int_equal(info.stack_depth, 3);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(info.stack[i].async_id,
                     async_resource_async_id(&resources[i]));
    assert_int_equal(info.stack[i].trigger_async_id,
                     i == 0 ? ASYNC_ID_ROOT : info.stack[i - 1].async_id);
    assert_in_range(info.stack[i].since_ns, last_ns, async_inspect_now_ns());
    last_ns = info.stack[i].since_ns;
  }
  for (int i = 2; i >= 0; i--) {
    async_resource_leave(&resources[i]);
    async_resource_finish(&resources[i]);
  }
  assert_int_equal(own_env_info().stack_depth, 0);
}

static void test_deep_stack_publishes_its_first_entries(void **state) {
  (void)state;
  async_resource_t low, high;
  assert_int_equal(async_resource_init(&low, "T", NULL), 0);
  assert_int_equal(async_resource_init(&high, "T", NULL), 0);
  for (int i = 0; i < 200; i++) {
    assert_int_equal(async_resource_enter(i < 64 ? &low : &high), 0);
  }
  async_env_info_t info = own_env_info();
  assert_int_equal(info.stack_depth, 200);
  for (int i = 0; i < ASYNC_STACK_PUBLISHED; i++) {
    assert_int_equal(info.stack[i].async_id, async_resource_async_id(&low));
  }
  for (int i = 199; i >= 0; i--) {
    async_resource_leave(i < 64 ? &low : &high);
  }
  async_resource_finish(&low);
  async_resource_finish(&high);
}

/* Another thread names the callback this one is stuck in. */
typedef struct witness_s {
  uint32_t thread;
  async_env_info_t info;
  async_resource_info_t record;
  bool found;
} witness_t;

static void bear_witness(void *arg) {
  witness_t *witness = arg;
  async_env_t *env = find_env(witness->thread);
  if (env != NULL) {
    async_inspect_env(env, &witness->info);
    async_inspect_release(env);
    witness->found = find_info(witness->thread, witness->info.stack[0].async_id,
                               &witness->record);
  }
}

static void test_bare_thread_sees_where_this_one_is(void **state) {
  (void)state;
  static witness_t witness;
  async_resource_t resource;
  witness.thread = async_env_thread();
  assert_int_equal(async_resource_init(&resource, "STUCK", NULL), 0);
  assert_int_equal(async_resource_set_name(&resource, "GET /slow", 9), 0);
  assert_int_equal(async_resource_enter(&resource), 0);
  run_on_thread(bear_witness, &witness);
  async_resource_leave(&resource);
  assert_int_equal(witness.info.stack_depth, 1);
  assert_true(witness.found);
  assert_string_equal(witness.record.type, "STUCK");
  assert_string_equal(witness.record.name, "GET /slow");
  assert_ptr_equal(witness.record.type, async_resource_type(&resource));
  async_resource_finish(&resource);
}

static void test_record_is_read_again_where_it_lies(void **state) {
  (void)state;
  async_resource_t first, second;
  async_resource_info_t info, again;
  assert_int_equal(async_resource_init(&first, "FIRST", NULL), 0);
  assert_true(find_own(&first, &info));
  async_env_t *env = find_env(info.thread);
  assert_true(async_inspect_resource(env, info.place, info.async_id, &again));
  assert_string_equal(again.type, "FIRST");
  assert_int_equal(again.place, info.place);
  async_resource_finish(&first);
  async_env_flush();
  assert_false(async_inspect_resource(env, info.place, info.async_id, &again));
  assert_int_equal(async_resource_init(&second, "SECOND", NULL), 0);
  assert_false(async_inspect_resource(env, info.place, info.async_id, &again));
  assert_false(async_inspect_resource(env, UINT32_MAX, info.async_id, &again));
  async_resource_finish(&second);
  async_inspect_release(env);
}

static void test_counters_count(void **state) {
  fixture_t *fixture = *state;
  tracer_init_destroy(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
  async_env_info_t before = own_env_info();
  async_resource_t resources[4];
  for (int i = 0; i < 4; i++) {
    assert_int_equal(async_resource_init(&resources[i], "T", NULL), 0);
    assert_int_equal(async_resource_enter(&resources[i]), 0);
    async_resource_leave(&resources[i]);
  }
  async_resource_finish(&resources[0]);
  async_resource_finish(&resources[1]);
  async_env_info_t middle = own_env_info();
  assert_int_equal(middle.resources_created - before.resources_created, 4);
  assert_int_equal(middle.scopes_entered - before.scopes_entered, 4);
  assert_int_equal(middle.destroys_pending, 2);
  assert_int_equal(middle.resources_destroyed, before.resources_destroyed);
  async_resource_finish(&resources[2]);
  async_resource_finish(&resources[3]);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  async_env_info_t after = own_env_info();
  assert_int_equal(after.destroys_pending, 0);
  assert_int_equal(after.resources_destroyed - before.resources_destroyed, 4);
  assert_true(after.loop_iterations > before.loop_iterations);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_live_set_is_what_was_made),
      cmocka_unit_test_on_loop(test_walk_that_takes_nothing_ends),
      cmocka_unit_test_on_loop(test_record_says_who_made_it_and_where),
      cmocka_unit_test_on_loop(test_record_of_a_cause_elsewhere),
      cmocka_unit_test_on_loop(test_record_made_outside_of_tracked_code),
      cmocka_unit_test_on_loop(test_records_of_an_internal_thread),
      cmocka_unit_test_on_loop(test_record_of_an_ending_resource),
      cmocka_unit_test_on_loop(test_record_says_what_keeps_the_loop),
      cmocka_unit_test_on_loop(test_record_counts_its_callbacks),
      cmocka_unit_test_on_loop(test_stack_is_published_outermost_first),
      cmocka_unit_test_on_loop(test_deep_stack_publishes_its_first_entries),
      cmocka_unit_test_on_loop(test_bare_thread_sees_where_this_one_is),
      cmocka_unit_test_on_loop(test_record_is_read_again_where_it_lies),
      cmocka_unit_test_on_loop(test_counters_count),
  };
  return test_main(tests, argc, argv);
}
