#include "debug_fixture.h"

#include <string.h>

static debug_state_t state_of(const debug_snapshot_t *snapshot, uint32_t thread,
                              async_id_t id) {
  const debug_resource_t *resource =
      asyncscope__debug_find_resource(snapshot, (async_ref_t){thread, id});
  assert_non_null(resource);
  return resource->state;
}

static void assert_gone(const debug_snapshot_t *snapshot, size_t index,
                        uint32_t thread, async_id_t id) {
  assert_true(index < snapshot->gone_count);
  assert_int_equal(snapshot->gone[index].ref.thread, thread);
  assert_int_equal(snapshot->gone[index].ref.async_id, id);
}

static void resources_are_sorted_by_thread_and_id(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 90, "A", 1);
  made_resource(snapshot, 7, "A", 1);
  made_thread(snapshot, 3, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 8, "A", 1);
  made_resource(snapshot, 2, "A", 1);
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  static const async_ref_t expected[] = {{0, 7}, {0, 90}, {3, 2}, {3, 8}};
  for (size_t i = 0; i < 4; i++) {
    async_ref_t ref = asyncscope__debug_ref(&snapshot->resources[i]);
    assert_int_equal(asyncscope__debug_compare_refs(ref, expected[i]), 0);
  }
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void states_follow_from_record_and_stack(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_entry(snapshot, 4, 50);
  made_resource(snapshot, 2, "Timeout", 1);
  made_resource(snapshot, 3, "Timeout", 1)->callbacks = 1;
  made_resource(snapshot, 4, "Timeout", 1)->destroyed = true;
  made_resource(snapshot, 5, "Timeout", 1)->destroyed = true;
  made_resource(snapshot, 6, "WORK", 1);
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(state_of(snapshot, 0, 2), DEBUG_INIT);
  assert_int_equal(state_of(snapshot, 0, 3), DEBUG_IDLE);
  assert_int_equal(state_of(snapshot, 0, 4), DEBUG_RUNNING);
  assert_int_equal(state_of(snapshot, 0, 5), DEBUG_DESTROYED);
  assert_int_equal(state_of(snapshot, 0, 6), DEBUG_QUEUED);
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void a_task_runs_while_its_worker_does(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "WORK", 1);
  made_resource(snapshot, 3, "WORK", 1);
  made_resource(snapshot, 4, "Timeout", 1);
  made_thread(snapshot, 1, ASYNC_ENV_WORKER, "pool-0");
  made_entry(snapshot, 9, 10);
  made_across(snapshot, 9, "WORK", (async_ref_t){0, 2});
  made_thread(snapshot, 2, ASYNC_ENV_WORKER, "pool-1");
  made_entry(snapshot, 9, 10);
  made_across(snapshot, 9, "OTHER", (async_ref_t){0, 3});
  made_across(snapshot, 10, "WORK", (async_ref_t){0, 4});
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(state_of(snapshot, 0, 2), DEBUG_RUNNING);
  assert_int_equal(state_of(snapshot, 0, 3), DEBUG_QUEUED);
  assert_int_equal(state_of(snapshot, 0, 4), DEBUG_INIT);
  assert_int_equal(state_of(snapshot, 1, 9), DEBUG_RUNNING);
  assert_int_equal(state_of(snapshot, 2, 10), DEBUG_INIT);
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void nothing_is_queued_where_the_pools_are_empty(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  static debug_pool_t pool;
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "WORK", 1);
  snapshot->pools = &pool;
  snapshot->pool_count = 1;
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(state_of(snapshot, 0, 2), DEBUG_IDLE);
  snapshot->pools = NULL;
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void running_time_counts_from_the_outermost_entry(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_entry(snapshot, 2, 300);
  made_entry(snapshot, 3, 200);
  made_entry(snapshot, 2, 100);
  made_resource(snapshot, 2, "A", 1)->run_ns = 5000;
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(asyncscope__debug_run_us(snapshot, &snapshot->resources[0]),
                   305);
  assert_int_equal(asyncscope__debug_age_us(snapshot, &snapshot->resources[0]),
                   1000);
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void requests_are_counted_over_all_threads(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "A", 1)->request = 9;
  made_resource(snapshot, 3, "A", 1)->request = 4;
  made_resource(snapshot, 4, "A", 1)->request = 9;
  made_resource(snapshot, 5, "A", 1);
  made_thread(snapshot, 1, ASYNC_ENV_WORKER, "pool-0");
  made_resource(snapshot, 2, "WORK", 1)->request = 9;
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(asyncscope__debug_request_live(snapshot, 9), 3);
  assert_int_equal(asyncscope__debug_request_live(snapshot, 4), 1);
  assert_int_equal(asyncscope__debug_request_live(snapshot, 5), 0);
  assert_int_equal(asyncscope__debug_request_live(snapshot, UINT64_MAX), 0);
  assert_int_equal(snapshot->threads[0].request_count, 2);
  assert_int_equal(snapshot->thread_requests[0], 4);
  assert_int_equal(snapshot->thread_requests[1], 9);
  assert_int_equal(snapshot->threads[1].request_count, 1);
  assert_int_equal(snapshot->threads[1].first_request, 2);
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void only_ancestors_of_what_lives_are_kept(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_ancestor(snapshot, 6, "C", 4);
  made_ancestor(snapshot, 4, "B", 1);
  made_ancestor(snapshot, 5, "UNRELATED", 4);
  made_resource(snapshot, 8, "D", 6);
  made_resource(snapshot, 9, "D", 6);
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(snapshot->gone_count, 2);
  assert_gone(snapshot, 0, 0, 4);
  assert_gone(snapshot, 1, 0, 6);
  assert_string_equal(snapshot->gone[1].type, "C");
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void forgotten_causes_stand_once_among_the_gone(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_ancestor(snapshot, 6, "C", 3);
  made_resource(snapshot, 8, "D", 6);
  made_resource(snapshot, 9, "D", 3);
  made_across(snapshot, 10, "D", (async_ref_t){7, 2});
  made_across(snapshot, 11, "D", (async_ref_t){ASYNC_THREAD_NONE, 5});
  made_resource(snapshot, 12, "D", -1);
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(snapshot->gone_count, 3);
  assert_gone(snapshot, 0, 0, 3);
  assert_null(snapshot->gone[0].type);
  assert_gone(snapshot, 1, 0, 6);
  assert_gone(snapshot, 2, 7, 2);
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void ancestors_behind_hidden_resources_are_found(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_ancestor(snapshot, 4, "B", 1);
  made_ancestor(snapshot, 5, "OF THE HIDDEN ONLY", 1);
  made_resource(snapshot, 7, "HIDDEN", 4)->internal = true;
  made_resource(snapshot, 8, "D", 7);
  made_resource(snapshot, 9, "HIDDEN", 5)->internal = true;
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(snapshot->hidden_count, 2);
  assert_int_equal(snapshot->gone_count, 1);
  assert_gone(snapshot, 0, 0, 4);
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void cycles_among_ancestors_and_hidden_end(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_ancestor(snapshot, 4, "B", 5);
  made_ancestor(snapshot, 5, "B", 4);
  made_resource(snapshot, 7, "HIDDEN", 8)->internal = true;
  made_resource(snapshot, 8, "HIDDEN", 7)->internal = true;
  made_resource(snapshot, 9, "D", 4);
  made_resource(snapshot, 10, "D", 8);
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(snapshot->gone_count, 2);
  asyncscope__debug_snapshot_destroy(snapshot);
}

static void types_of_what_is_shown_are_counted_by_name(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "Timeout", 1);
  made_resource(snapshot, 3, "HTTPINCOMINGMESSAGE", 1);
  made_resource(snapshot, 4, "Timeout", 1);
  made_resource(snapshot, 5, "Hidden", 1)->internal = true;
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(snapshot->type_count, 2);
  assert_string_equal(snapshot->types[0].type, "HTTPINCOMINGMESSAGE");
  assert_int_equal(snapshot->types[0].count, 1);
  assert_string_equal(snapshot->types[1].type, "Timeout");
  assert_int_equal(snapshot->types[1].count, 2);
  asyncscope__debug_snapshot_destroy(snapshot);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(resources_are_sorted_by_thread_and_id),
      cmocka_unit_test(states_follow_from_record_and_stack),
      cmocka_unit_test(a_task_runs_while_its_worker_does),
      cmocka_unit_test(nothing_is_queued_where_the_pools_are_empty),
      cmocka_unit_test(running_time_counts_from_the_outermost_entry),
      cmocka_unit_test(requests_are_counted_over_all_threads),
      cmocka_unit_test(only_ancestors_of_what_lives_are_kept),
      cmocka_unit_test(forgotten_causes_stand_once_among_the_gone),
      cmocka_unit_test(ancestors_behind_hidden_resources_are_found),
      cmocka_unit_test(cycles_among_ancestors_and_hidden_end),
      cmocka_unit_test(types_of_what_is_shown_are_counted_by_name),
  };
  return test_main(tests, argc, argv);
}
