/* The times of tasks, by type. */
#include "pool_fixture.h"

#include <stdio.h>
#include <string.h>

static int submit_type(fixture_t *f, int index, const char *type) {
  worker_task_options_t options = {.type = type};
  return worker_pool_submit_with(f->pool, &f->jobs[index].task, job_work,
                                 job_done, &options);
}

static void assert_counts(const worker_times_t *times, const char *type,
                          uint64_t count) {
  assert_string_equal(times->type, type);
  assert_int_equal(times->waited.count, count);
  assert_int_equal(times->worked.count, count);
  assert_int_equal(times->delayed.count, count);
  assert_true(count == 0 || times->worked.max_ns > 0);
}

static void each_type_has_its_own_times(void **state) {
  fixture_t *f = *state;
  worker_times_t times;
  assert_int_equal(worker_pool_times(f->pool, 0, &times), UV_ENOENT);
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(submit_type(f, 1, "RESIZE"), 0);
  assert_int_equal(submit_type(f, 2, "RESIZE"), 0);
  run_loop(f);
  assert_int_equal(worker_pool_times(f->pool, 0, &times), 0);
  assert_counts(&times, "WORK", 1);
  assert_int_equal(worker_pool_times(f->pool, 1, &times), 0);
  assert_counts(&times, "RESIZE", 2);
  assert_int_equal(worker_pool_times(f->pool, 2, &times), UV_ENOENT);
  worker_pool_times_total(f->pool, &times);
  assert_counts(&times, "", 3);
}

static void histograms_add_up_to_the_times(void **state) {
  fixture_t *f = *state;
  worker_histograms_t sum = {0};
  worker_pool_info_t info;
  const char *type = NULL;
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(submit_type(f, 1, "RESIZE"), 0);
  run_loop(f);
  worker_pool_info(f->pool, &info);
  for (size_t i = 0; i < 2; i++)
    assert_int_equal(worker_pool_histograms(f->pool, i, &type, &sum), 0);
  assert_string_equal(type, "RESIZE");
  assert_int_equal(worker_pool_histograms(f->pool, 2, &type, &sum), UV_ENOENT);
  assert_int_equal(async_histogram_count(&sum.waited), 2);
  assert_int_equal(async_histogram_count(&sum.delayed), 2);
  assert_int_equal(async_histogram_sum(&sum.waited), info.waited_ns);
  assert_int_equal(async_histogram_sum(&sum.worked), info.worked_ns);
}

static void types_beyond_the_last_row_share_it(void **state) {
  fixture_t *f = *state;
  worker_times_t times;
  char type[16];
  for (int i = 0; i < WORKER_POOL_TYPES_MAX + 2; i++) {
    snprintf(type, sizeof(type), "TYPE%d", i);
    assert_int_equal(submit_type(f, i, type), 0);
    run_loop(f);
  }
  assert_int_equal(
      worker_pool_times(f->pool, WORKER_POOL_TYPES_MAX - 1, &times), 0);
  assert_counts(&times, "others", 3);
  assert_int_equal(worker_pool_times(f->pool, WORKER_POOL_TYPES_MAX, &times),
                   UV_ENOENT);
}

static void what_never_ran_has_no_times(void **state) {
  fixture_t *f = *state;
  worker_times_t times;
  hold_worker(f);
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), 0);
  release_worker(f);
  run_loop(f);
  worker_pool_times_total(f->pool, &times);
  assert_counts(&times, "", 1); /* the holder */
}

static int abort_work(worker_task_t *task) {
  (void)task;
  worker_task_abort("gone");
}

static void submit_from_there(uv_loop_t *loop, void *arg) {
  submit(arg, 8);
  uv_run(loop, UV_RUN_DEFAULT);
}

/* Two workers, one behind the other, and two loops that are no more. */
static void what_a_thread_recorded_stays_when_it_ends(void **state) {
  fixture_t *f = *state;
  worker_times_t times;
  for (int i = 0; i < 2; i++)
    assert_true(run_on_loop_thread(submit_from_there, f));
  assert_int_equal(submit_work(f, 0, abort_work), 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  worker_pool_times_total(f->pool, &times);
  assert_counts(&times, "", 3);
}

static int note_type(worker_task_t *task) {
  const char *type =
      async_resource_type(async_hooks_execution_async_resource());
  return strcmp(type, task->data) == 0 ? 0 : UV_EINVAL;
}

static void the_type_is_seen_on_the_worker(void **state) {
  fixture_t *f = *state;
  worker_task_options_t options = {.type = "PARSE"};
  f->jobs[0].task.data = (void *)"PARSE";
  assert_int_equal(worker_pool_submit_with(f->pool, &f->jobs[0].task, note_type,
                                           job_done, &options),
                   0);
  assert_string_equal(async_resource_type(&f->jobs[0].task.resource), "PARSE");
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(each_type_has_its_own_times),
      cmocka_unit_test_pool(histograms_add_up_to_the_times),
      cmocka_unit_test_pool(types_beyond_the_last_row_share_it),
      cmocka_unit_test_pool(what_never_ran_has_no_times),
      cmocka_unit_test_pool(what_a_thread_recorded_stays_when_it_ends),
      cmocka_unit_test_pool(the_type_is_seen_on_the_worker),
  };
  return test_main(tests, argc, argv);
}
