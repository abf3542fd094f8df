/* The histograms, alone and as a pool fills them. */
#include "pool_fixture.h"
#include "worker_histogram.h"

#include <stdio.h>
#include <string.h>

static worker_time_t read_one(const asyncscope__histogram_t *histogram) {
  asyncscope__histogram_sum_t sum = {0};
  worker_time_t time;
  asyncscope__histogram_add(histogram, &sum);
  asyncscope__histogram_read(&sum, &time);
  return time;
}

static void an_empty_histogram_is_all_zero(void **state) {
  asyncscope__histogram_t histogram = {0};
  static const worker_time_t zero = {0};
  worker_time_t time = read_one(&histogram);
  (void)state;
  assert_memory_equal(&time, &zero, sizeof(zero));
}

/* Every power of two and its neighbours, far beyond the range. */
static void one_time_is_told_to_an_eighth(void **state) {
  int wrong = 0;
  (void)state;
  for (unsigned power = 0; power < 41; power++)
    for (uint64_t add = 0; add < 3; add++) {
      asyncscope__histogram_t histogram = {0};
      uint64_t value = (UINT64_C(1) << power) + add - 1;
      asyncscope__histogram_record(&histogram, value);
      asyncscope__histogram_record(&histogram, UINT64_C(1) << 62);
      worker_time_t time = read_one(&histogram);
      wrong += time.p50_ns < value || time.p50_ns > value + value / 8;
      wrong += time.max_ns != UINT64_C(1) << 62 || time.count != 2;
    }
  assert_int_equal(wrong, 0);
}

static void percentiles_count_from_below(void **state) {
  asyncscope__histogram_t histogram = {0};
  (void)state;
  for (uint64_t i = 1; i <= 1000; i++)
    asyncscope__histogram_record(&histogram, i * 1000);
  worker_time_t time = read_one(&histogram);
  assert_int_equal(time.count, 1000);
  assert_int_equal(time.max_ns, 1000000);
  assert_in_range(time.p50_ns, 500000, 562500);
  assert_in_range(time.p90_ns, 900000, 1000000);
  assert_in_range(time.p99_ns, 990000, 1000000);
}

static void no_percentile_is_above_the_greatest(void **state) {
  asyncscope__histogram_t histogram = {0};
  (void)state;
  asyncscope__histogram_record(&histogram, 1024);
  assert_int_equal(read_one(&histogram).p50_ns, 1024);
}

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
      cmocka_unit_test(an_empty_histogram_is_all_zero),
      cmocka_unit_test(one_time_is_told_to_an_eighth),
      cmocka_unit_test(percentiles_count_from_below),
      cmocka_unit_test(no_percentile_is_above_the_greatest),
      cmocka_unit_test_pool(each_type_has_its_own_times),
      cmocka_unit_test_pool(types_beyond_the_last_row_share_it),
      cmocka_unit_test_pool(what_never_ran_has_no_times),
      cmocka_unit_test_pool(the_type_is_seen_on_the_worker),
  };
  return test_main(tests, argc, argv);
}
