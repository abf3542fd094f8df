#include "pool_fixture.h"

#include <sched.h>
#include <stdatomic.h>

static int submit_then_cancel(fixture_t *f, int index, const char *store) {
  int status = submit_with(f, index, store);
  return status == 0 ? worker_pool_cancel(f->pool, &f->jobs[index].task)
                     : status;
}

static void a_waiting_task_never_runs_and_is_done_later(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(submit_then_cancel(f, 0, "a"), 0);
  assert_int_equal(f->jobs[0].dones, 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 0);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->jobs[0].status, UV_ECANCELED);
}

static void a_cancelled_task_is_done_in_its_submitters_context(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(submit_then_cancel(f, 0, "a"), 0);
  release_worker(f);
  run_loop(f);
  assert_string_equal(f->jobs[0].done_store, "a");
  assert_int_equal(f->jobs[0].done_thread, async_env_thread());
}

static void release_in_done(worker_task_t *task, int status) {
  job_done(task, status);
  release_worker(((job_t *)task)->fixture);
}

static void a_cancelled_task_is_done_while_every_worker_is_busy(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, release_in_done),
      0);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), 0);
  run_loop(f); /* would never end if done waited for the worker */
  assert_int_equal(f->jobs[0].dones, 1);
}

static void a_running_task_is_busy(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(worker_pool_cancel(f->pool, &f->holder.task), UV_EBUSY);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->holder.status, 0);
}

static void a_task_that_is_done_is_busy(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), UV_EBUSY);
}

static void cancelling_twice_is_busy_and_done_comes_once(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(submit_then_cancel(f, 0, "a"), 0);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), UV_EBUSY);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].dones, 1);
}

typedef struct foreign_s {
  fixture_t *f;
  int status;
} foreign_t;

static void cancel_elsewhere(void *arg) {
  foreign_t *foreign = arg;
  foreign->status =
      worker_pool_cancel(foreign->f->pool, &foreign->f->jobs[0].task);
}

static void another_thread_cannot_cancel(void **state) {
  fixture_t *f = *state;
  foreign_t foreign = {.f = f};
  hold_worker(f);
  assert_int_equal(submit(f, 0), 0);
  run_on_thread(cancel_elsewhere, &foreign);
  assert_int_equal(foreign.status, UV_EINVAL);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 1);
}

static void another_pool_cannot_cancel(void **state) {
  fixture_t *f = *state;
  worker_pool_t *other;
  worker_pool_info_t info;
  worker_task_t never = {.data = NULL};
  assert_int_equal(worker_pool_create(NULL, &other), 0);
  hold_worker(f);
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(worker_pool_cancel(other, &f->jobs[0].task), UV_EINVAL);
  assert_int_equal(worker_pool_cancel(other, &never), UV_EINVAL);
  worker_pool_info(other, &info);
  assert_int_equal(info.cancelled, 0);
  assert_int_equal(pool_info(f).queued, 1);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 1);
  assert_int_equal(worker_pool_close(other, true, NULL, NULL), 0);
  run_loop(f);
}

/* Nothing but the pool's own locks orders the two threads here, so that
 * ThreadSanitizer sees what these leave out. */
static atomic_bool working, may_end;

static int work_until_told(worker_task_t *task) {
  (void)task;
  atomic_store_explicit(&working, true, memory_order_relaxed);
  while (!atomic_load_explicit(&may_end, memory_order_relaxed))
    sched_yield();
  return 0;
}

static void what_works_is_busy(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_work(f, 0, work_until_told), 0);
  while (!atomic_load_explicit(&working, memory_order_relaxed))
    sched_yield();
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), UV_EBUSY);
  atomic_store_explicit(&may_end, true, memory_order_relaxed);
  run_loop(f);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->jobs[0].status, 0);
}

static int note_begin(worker_task_t *task) {
  job_t *job = (job_t *)task;
  job->fixture->began[job->fixture->began_count++] = job->number;
  return 0;
}

/* First, last and one between: the list holds in every place. */
static void the_others_keep_their_order(void **state) {
  fixture_t *f = *state;
  static const int expected[] = {1, 2, 4, 5};
  hold_worker(f);
  for (int i = 0; i < 7; i++)
    assert_int_equal(submit_work(f, i, note_begin), 0);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), 0);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[3].task), 0);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[6].task), 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->began_count, 4);
  assert_memory_equal(f->began, expected, sizeof(expected));
}

static void a_cancelled_task_makes_room(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_int_equal(submit(f, 8), UV_EAGAIN);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[4].task), 0);
  assert_int_equal(submit(f, 8), 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[8].works, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_waiting_task_never_runs_and_is_done_later),
      cmocka_unit_test_pool(a_cancelled_task_is_done_in_its_submitters_context),
      cmocka_unit_test_pool(
          a_cancelled_task_is_done_while_every_worker_is_busy),
      cmocka_unit_test_pool(a_running_task_is_busy),
      cmocka_unit_test_pool(a_task_that_is_done_is_busy),
      cmocka_unit_test_pool(cancelling_twice_is_busy_and_done_comes_once),
      cmocka_unit_test_pool(another_thread_cannot_cancel),
      cmocka_unit_test_pool(another_pool_cannot_cancel),
      cmocka_unit_test_pool(what_works_is_busy),
      cmocka_unit_test_pool(the_others_keep_their_order),
      cmocka_unit_test_pool(a_cancelled_task_makes_room),
  };
  return test_main(tests, argc, argv);
}
