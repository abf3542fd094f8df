/* snapshot() and bind(): all storages as they were, around a call made later.
 */
#include "als_fixture.h"
#include "recorder.h"

#include <stdlib.h>

typedef struct call_s {
  fixture_t *f;
  step_cb step;
} call_t;

static int do_step(void *arg) {
  call_t *call = arg;
  call->step(call->f);
  return 7;
}

static int in_snapshot(fixture_t *f, step_cb step) {
  call_t call = {f, step};
  return async_local_storage_snapshot_run(&f->snapshot, do_step, &call);
}

static void takes_snapshot(fixture_t *f) {
  f->times = async_local_storage_snapshot(&f->snapshot);
}

static void runs_other_and_takes_snapshot(fixture_t *f) {
  other_run(f, "o", takes_snapshot);
}

static void sees_both(fixture_t *f) {
  see(f, "als");
  see_other(f, "other");
}

static void calls_snapshot(fixture_t *f) {
  in_snapshot(f, sees_both);
  see(f, "after");
}

static void a_snapshot_restores_all_storages_around_the_call(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", runs_other_and_takes_snapshot);
  assert_int_equal(f->times, 0);
  als_run(f, "b", calls_snapshot);
  see(f, "end");
  async_local_storage_snapshot_finish(&f->snapshot);
  assert_string_equal(f->text, "als:a other:o after:b end:-");
}

static void a_snapshot_hides_what_was_not_set(void **state) {
  fixture_t *f = *state;
  takes_snapshot(f);
  als_run(f, "b", calls_snapshot);
  async_local_storage_snapshot_finish(&f->snapshot);
  assert_string_equal(f->text, "als:- other:- after:b");
}

static void a_snapshot_runs_any_number_of_times(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", takes_snapshot);
  assert_int_equal(in_snapshot(f, sees_inside), 7);
  assert_int_equal(in_snapshot(f, sees_inside), 7);
  async_local_storage_snapshot_finish(&f->snapshot);
  assert_string_equal(f->text, "inside:a inside:a");
}

static void enters_e(fixture_t *f) {
  see(f, "began");
  als_enter(f, "e");
}

static void enter_with_in_a_snapshot_is_dropped(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", takes_snapshot);
  in_snapshot(f, enters_e);
  see(f, "after");
  in_snapshot(f, enters_e);
  async_local_storage_snapshot_finish(&f->snapshot);
  assert_string_equal(f->text, "began:a after:- began:a");
}

static void starts_a_tick(fixture_t *f) {
  in_tick(f, sees_later);
}

static void what_a_snapshot_starts_sees_its_context(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", takes_snapshot);
  in_snapshot(f, starts_a_tick);
  async_local_storage_snapshot_finish(&f->snapshot);
  run_loop(f);
  assert_string_equal(f->text, "later:a");
}

static void runs_in_snapshot_again(fixture_t *f) {
  als_run(f, "inner", calls_snapshot);
}

static void a_snapshot_runs_inside_itself(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", takes_snapshot);
  in_snapshot(f, runs_in_snapshot_again);
  async_local_storage_snapshot_finish(&f->snapshot);
  assert_string_equal(f->text, "als:a other:- after:inner");
}

static void finishes_it(fixture_t *f) {
  async_local_storage_snapshot_finish(&f->snapshot);
  see(f, "finished");
}

static void a_snapshot_may_be_finished_from_inside(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", takes_snapshot);
  assert_int_equal(in_snapshot(f, finishes_it), 7);
  see(f, "after");
  assert_string_equal(f->text, "finished:a after:-");
}

static void a_finished_snapshot_runs_nothing(void **state) {
  fixture_t *f = *state;
  als_run(f, "a", takes_snapshot);
  async_local_storage_snapshot_finish(&f->snapshot);
  async_local_storage_snapshot_finish(&f->snapshot);
  assert_int_equal(in_snapshot(f, sees_inside), UV_EINVAL);
  assert_int_equal(f->length, 0);
}

static void a_snapshot_is_a_resource_with_the_events_of_one(void **state) {
  fixture_t *f = *state;
  recorder_t recorder = {0};
  assert_int_equal(recorder_start(&recorder), 0);
  takes_snapshot(f);
  in_snapshot(f, sees_inside);
  async_local_storage_snapshot_finish(&f->snapshot);
  run_loop(f);
  recorder_stop(&recorder);
  char *text = recorder_text(&recorder, NULL);
  assert_string_equal(text,
                      "init bound-anonymous-fn, before bound-anonymous-fn, "
                      "after bound-anonymous-fn, destroy bound-anonymous-fn");
  free(text);
  recorder_finish(&recorder);
}

static void a_snapshot_holds_its_stores_until_it_is_finished(void **state) {
  fixture_t *f = *state;
  counted_t store = {0};
  async_local_storage_options_t options = {.retain = counted_retain,
                                           .release = counted_release};
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, &options), 0);
  als_run(f, (const char *)&store, takes_snapshot);
  assert_int_equal(store.released, 0);
  async_local_storage_snapshot_finish(&f->snapshot);
  assert_int_equal(store.released, 1);
}

static void without_environment(void *arg) {
  async_local_storage_snapshot_t snapshot;
  int *status = arg;
  status[0] = async_local_storage_snapshot(&snapshot);
  status[1] = async_local_storage_snapshot_run(&snapshot, do_step, NULL);
  async_local_storage_snapshot_finish(&snapshot);
}

static void a_failed_snapshot_can_be_finished(void **state) {
  int status[2] = {0};
  uv_thread_t thread;
  (void)state;
  assert_int_equal(uv_thread_create(&thread, without_environment, status), 0);
  uv_thread_join(&thread);
  assert_int_equal(status[0], UV_EINVAL);
  assert_int_equal(status[1], UV_EINVAL);
}

static int bound_fn(void *arg) {
  fixture_t *f = arg;
  see(f, "bound");
  return 9;
}

typedef struct binding_s {
  fixture_t *f;
  async_local_storage_bound_t bound;
  int status;
} binding_t;

static int bind_now(void *arg) {
  binding_t *binding = arg;
  binding->status = async_local_storage_bind(&binding->bound, bound_fn);
  return 0;
}

static void a_bound_function_runs_in_the_context_of_bind(void **state) {
  fixture_t *f = *state;
  binding_t binding = {.f = f, .status = -1};
  async_local_storage_run(&f->als, (void *)"a", bind_now, &binding);
  assert_int_equal(binding.status, 0);
  als_enter(f, "b");
  assert_int_equal(async_local_storage_bound_call(&binding.bound, f), 9);
  see(f, "after");
  async_local_storage_bound_finish(&binding.bound);
  async_local_storage_bound_finish(&binding.bound);
  assert_string_equal(f->text, "bound:a after:b");
}

static void finish_leaves_null_and_zeroed_alone(void **state) {
  async_local_storage_snapshot_t snapshot = {0};
  async_local_storage_bound_t bound = {0};
  (void)state;
  async_local_storage_snapshot_finish(NULL);
  async_local_storage_snapshot_finish(&snapshot);
  async_local_storage_bound_finish(NULL);
  async_local_storage_bound_finish(&bound);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_als(a_snapshot_restores_all_storages_around_the_call),
      cmocka_unit_test_als(a_snapshot_hides_what_was_not_set),
      cmocka_unit_test_als(a_snapshot_runs_any_number_of_times),
      cmocka_unit_test_als(enter_with_in_a_snapshot_is_dropped),
      cmocka_unit_test_als(what_a_snapshot_starts_sees_its_context),
      cmocka_unit_test_als(a_snapshot_runs_inside_itself),
      cmocka_unit_test_als(a_snapshot_may_be_finished_from_inside),
      cmocka_unit_test_als(a_finished_snapshot_runs_nothing),
      cmocka_unit_test_als(a_snapshot_is_a_resource_with_the_events_of_one),
      cmocka_unit_test_als(a_snapshot_holds_its_stores_until_it_is_finished),
      cmocka_unit_test_als(a_failed_snapshot_can_be_finished),
      cmocka_unit_test_als(a_bound_function_runs_in_the_context_of_bind),
      cmocka_unit_test_als(finish_leaves_null_and_zeroed_alone),
  };
  return test_main(tests, argc, argv);
}
