/* The number of threads, changed while the pool runs. */
#include "pool_fixture.h"

#include <sched.h>

#define MANY 8

static int hold_jobs(fixture_t *f, int first, int count) {
  int error = 0;
  for (int i = 0; error == 0 && i < count; i++)
    error = submit_work(f, first + i, hold_work);
  for (int i = 0; error == 0 && i < count; i++)
    uv_sem_wait(&f->held);
  return error;
}

static void release_jobs(fixture_t *f, int count) {
  for (int i = 0; i < count; i++)
    uv_sem_post(&f->hold);
}

static void a_pool_grows_while_it_works(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(worker_pool_resize(f->pool, MANY), 0);
  assert_int_equal(pool_info(f).threads, MANY);
  assert_int_equal(hold_jobs(f, 0, MANY - 1), 0); /* all at once */
  assert_int_equal(pool_info(f).active, MANY);
  release_jobs(f, MANY);
  run_loop(f);
  for (int i = 0; i < MANY - 1; i++)
    assert_int_equal(f->jobs[i].status, 0);
}

static bool has_threads(const fixture_t *f, size_t count) {
  return pool_info(f).threads == count;
}

static void waiting_workers_leave_a_smaller_pool(void **state) {
  fixture_t *f = *state;
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  run_loop(f);
  assert_int_equal(worker_pool_resize(f->pool, 1), 0);
  while (!has_threads(f, 1))
    sched_yield();
}

static int shrink_in_work(worker_task_t *task) {
  return worker_pool_resize(((job_t *)task)->fixture->pool, 1);
}

/* Three hold their tasks and leave behind them; the fourth stays. */
static void a_pool_shrinks_when_its_tasks_are_done(void **state) {
  fixture_t *f = *state;
  assert_int_equal(hold_jobs(f, 0, 4), 0);
  assert_int_equal(worker_pool_resize(f->pool, 1), 0);
  assert_int_equal(pool_info(f).active, 4);
  for (int i = 4; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  release_jobs(f, 4);
  run_loop(f);
  for (int i = 0; i < 4; i++)
    assert_int_equal(f->jobs[i].status, 0);
  for (int i = 4; i < 8; i++)
    assert_int_equal(f->jobs[i].works, 1);
  for (int i = 5; i < 8; i++)
    assert_int_equal(f->jobs[i].work_thread, f->jobs[7].work_thread);
}

static void a_work_may_shrink_its_pool(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_work(f, 0, shrink_in_work), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[1].works, 1);
}

static void a_pool_may_be_as_large_as_is_allowed(void **state) {
  fixture_t *f = *state;
  assert_int_equal(worker_pool_resize(f->pool, WORKER_POOL_THREADS_MAX), 0);
  assert_int_equal(pool_info(f).threads, WORKER_POOL_THREADS_MAX);
  assert_int_equal(worker_pool_resize(f->pool, 2), 0);
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 1);
}

static void sizes_up_and_down_lose_no_task(void **state) {
  fixture_t *f = *state;
  int wrong = 0;
  for (int round = 0; round < 100; round++) {
    for (int i = 0; i < 8; i++)
      wrong += submit(f, i) != 0;
    wrong += worker_pool_resize(f->pool, 1 + (size_t)round * 7 % 5) != 0;
    run_loop(f);
  }
  assert_int_equal(wrong, 0);
  for (int i = 0; i < 8; i++) {
    assert_int_equal(f->jobs[i].works, 100);
    assert_int_equal(f->jobs[i].dones, 100);
  }
}

static void a_size_that_is_none_is_refused(void **state) {
  fixture_t *f = *state;
  assert_int_equal(worker_pool_resize(f->pool, 0), UV_EINVAL);
  assert_int_equal(worker_pool_resize(f->pool, WORKER_POOL_THREADS_MAX + 1),
                   UV_EINVAL);
  assert_int_equal(worker_pool_resize(NULL, 1), UV_EINVAL);
  assert_int_equal(pool_info(f).threads, 1);
}

static void a_closing_pool_keeps_its_size(void **state) {
  fixture_t *f = *state;
  worker_pool_t *pool = f->pool;
  hold_worker(f);
  assert_int_equal(close_pool(f, true), 0);
  assert_int_equal(worker_pool_resize(pool, 2), UV_ECANCELED);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->closed, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_pool_grows_while_it_works),
      cmocka_unit_test_pool_of_four(a_pool_shrinks_when_its_tasks_are_done),
      cmocka_unit_test_pool_of_four(waiting_workers_leave_a_smaller_pool),
      cmocka_unit_test_pool_of_four(a_work_may_shrink_its_pool),
      cmocka_unit_test_pool(a_pool_may_be_as_large_as_is_allowed),
      cmocka_unit_test_pool_of_four(sizes_up_and_down_lose_no_task),
      cmocka_unit_test_pool(a_size_that_is_none_is_refused),
      cmocka_unit_test_pool(a_closing_pool_keeps_its_size),
  };
  return test_main(tests, argc, argv);
}
