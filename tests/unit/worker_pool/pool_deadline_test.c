/* Deadlines and priorities of what waits. */
#include "pool_fixture.h"

static int submit_options(fixture_t *f, int index,
                          const worker_task_options_t *options,
                          worker_task_work_cb work, worker_task_done_cb done) {
  return worker_pool_submit_with(f->pool, &f->jobs[index].task, work, done,
                                 options);
}

static int submit_due(void *arg) {
  static const worker_task_options_t options = {.timeout_ms = 1};
  job_t *job = arg;
  return submit_options(job->fixture, job->number, &options, job_work,
                        job_done);
}

static int submit_due_with(fixture_t *f, int index, const char *store) {
  return async_local_storage_run(&f->als, (void *)store, submit_due,
                                 &f->jobs[index]);
}

static void release_in_done(worker_task_t *task, int status) {
  job_done(task, status);
  release_worker(((job_t *)task)->fixture);
}

/* The worker is let go by the task that has timed out: nothing else ends the
 * loop. */
static void a_task_is_late_while_every_worker_is_busy(void **state) {
  fixture_t *f = *state;
  worker_task_options_t options = {.timeout_ms = 1};
  hold_worker(f);
  assert_int_equal(submit_options(f, 0, &options, job_work, release_in_done),
                   0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_ETIMEDOUT);
  assert_int_equal(f->jobs[0].works, 0);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(pool_info(f).timed_out, 1);
}

static void a_late_task_is_done_in_its_submitters_context(void **state) {
  fixture_t *f = *state;
  worker_task_options_t options = {.timeout_ms = 2};
  hold_worker(f);
  assert_int_equal(submit_due_with(f, 0, "late"), 0);
  assert_int_equal(submit_options(f, 1, &options, job_work, release_in_done),
                   0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_ETIMEDOUT);
  assert_string_equal(f->jobs[0].done_store, "late");
  assert_int_equal(f->jobs[0].done_thread, async_env_thread());
}

/* The loop is not run before the worker has come to the next one: so the worker
 * must look. */
static void a_late_task_is_not_begun(void **state) {
  fixture_t *f = *state;
  worker_task_options_t options = {.timeout_ms = 1};
  hold_worker(f);
  assert_int_equal(submit_options(f, 0, &options, job_work, job_done), 0);
  assert_int_equal(submit_work(f, 1, hold_work), 0);
  uint64_t late_ns = uv_hrtime() + 2000000;
  while (uv_hrtime() < late_ns)
    ;
  release_worker(f);
  uv_sem_wait(&f->held);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_ETIMEDOUT);
  assert_int_equal(f->jobs[0].works, 0);
  assert_int_equal(f->jobs[1].status, 0);
}

static void the_earliest_deadline_counts_first(void **state) {
  fixture_t *f = *state;
  static const uint64_t timeouts_ms[] = {3600000, 3, 1, 2};
  hold_worker(f);
  for (int i = 0; i < 4; i++) {
    worker_task_options_t options = {.timeout_ms = timeouts_ms[i]};
    assert_int_equal(
        submit_options(f, i, &options, job_work,
                       timeouts_ms[i] == 3 ? release_in_done : job_done),
        0);
  }
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  for (int i = 1; i < 4; i++)
    assert_int_equal(f->jobs[i].status, UV_ETIMEDOUT);
}

/* Nor does what comes behind it keep the loop from the second. */
static void a_later_deadline_puts_no_other_off(void **state) {
  fixture_t *f = *state;
  static const uint64_t timeouts_ms[] = {1, 20, 3600000};
  hold_worker(f);
  for (int i = 0; i < 3; i++) {
    worker_task_options_t options = {.timeout_ms = timeouts_ms[i]};
    assert_int_equal(submit_options(f, i, &options, job_work,
                                    i == 1 ? release_in_done : job_done),
                     0);
  }
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_ETIMEDOUT);
  assert_int_equal(f->jobs[1].status, UV_ETIMEDOUT);
  assert_int_equal(f->jobs[2].status, 0);
}

static void a_deadline_behind_one_that_passed_counts_too(void **state) {
  fixture_t *f = *state;
  worker_task_options_t options = {.timeout_ms = 1};
  hold_worker(f);
  assert_int_equal(submit_options(f, 0, &options, job_work, job_done), 0);
  while (f->jobs[0].dones == 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  assert_int_equal(submit_options(f, 1, &options, job_work, release_in_done),
                   0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_ETIMEDOUT);
  assert_int_equal(f->jobs[1].status, UV_ETIMEDOUT);
}

static void a_deadline_in_time_changes_nothing(void **state) {
  fixture_t *f = *state;
  worker_task_options_t options = {.timeout_ms = 3600000};
  assert_int_equal(submit_options(f, 0, &options, job_work, job_done), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  assert_int_equal(f->jobs[0].works, 1);
}

static int note_begin(worker_task_t *task) {
  job_t *job = (job_t *)task;
  job->fixture->began[job->fixture->began_count++] = job->number;
  return 0;
}

static void the_higher_priority_begins_first_and_equals_in_order(void **state) {
  fixture_t *f = *state;
  static const worker_priority_t priorities[] = {
      WORKER_PRIORITY_LOW,  WORKER_PRIORITY_NORMAL, WORKER_PRIORITY_HIGH,
      WORKER_PRIORITY_LOW,  WORKER_PRIORITY_NORMAL, WORKER_PRIORITY_HIGH,
      WORKER_PRIORITY_HIGH, WORKER_PRIORITY_NORMAL};
  static const int expected[] = {2, 5, 6, 1, 4, 7, 0, 3};
  hold_worker(f);
  for (int i = 0; i < 8; i++) {
    worker_task_options_t options = {.priority = priorities[i]};
    assert_int_equal(submit_options(f, i, &options, note_begin, job_done), 0);
  }
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->began_count, 8);
  assert_memory_equal(f->began, expected, sizeof(expected));
}

/* The worker has taken one and moved the others up when the highest comes. */
static void the_highest_priority_need_not_wait_for_those_before(void **state) {
  fixture_t *f = *state;
  worker_task_options_t high = {.priority = WORKER_PRIORITY_HIGH};
  static const int expected[] = {3, 1, 2};
  hold_worker(f);
  assert_int_equal(submit_work(f, 0, hold_work), 0);
  for (int i = 1; i < 3; i++)
    assert_int_equal(submit_work(f, i, note_begin), 0);
  release_worker(f);
  uv_sem_wait(&f->held);
  assert_int_equal(submit_options(f, 3, &high, note_begin, job_done), 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->began_count, 3);
  assert_memory_equal(f->began, expected, sizeof(expected));
}

static void tasks_of_every_priority_are_cancelled(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  for (int i = 0; i < 3; i++) {
    worker_task_options_t options = {.priority = (worker_priority_t)(i - 1)};
    assert_int_equal(submit_options(f, i, &options, job_work, job_done), 0);
  }
  assert_int_equal(close_pool(f, false), 0);
  release_worker(f);
  run_loop(f);
  for (int i = 0; i < 3; i++)
    assert_int_equal(f->jobs[i].status, UV_ECANCELED);
}

static void what_is_no_option_is_refused(void **state) {
  fixture_t *f = *state;
  worker_task_options_t high = {.priority = (worker_priority_t)2};
  worker_task_options_t low = {.priority = (worker_priority_t)-2};
  worker_task_options_t type = {.type = ""};
  worker_task_options_t timeout = {.timeout_ms = UINT64_MAX};
  assert_int_equal(submit_options(f, 0, &high, job_work, job_done), UV_EINVAL);
  assert_int_equal(submit_options(f, 0, &low, job_work, job_done), UV_EINVAL);
  assert_int_equal(submit_options(f, 0, &type, job_work, job_done), UV_EINVAL);
  assert_int_equal(submit_options(f, 0, &timeout, job_work, job_done),
                   UV_EINVAL);
  run_loop(f);
  assert_int_equal(f->jobs[0].works + f->jobs[0].dones, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_task_is_late_while_every_worker_is_busy),
      cmocka_unit_test_pool(a_late_task_is_done_in_its_submitters_context),
      cmocka_unit_test_pool(a_late_task_is_not_begun),
      cmocka_unit_test_pool(the_earliest_deadline_counts_first),
      cmocka_unit_test_pool(a_later_deadline_puts_no_other_off),
      cmocka_unit_test_pool(a_deadline_behind_one_that_passed_counts_too),
      cmocka_unit_test_pool(a_deadline_in_time_changes_nothing),
      cmocka_unit_test_pool(
          the_higher_priority_begins_first_and_equals_in_order),
      cmocka_unit_test_pool(
          the_highest_priority_need_not_wait_for_those_before),
      cmocka_unit_test_pool(tasks_of_every_priority_are_cancelled),
      cmocka_unit_test_pool(what_is_no_option_is_refused),
  };
  return test_main(tests, argc, argv);
}
