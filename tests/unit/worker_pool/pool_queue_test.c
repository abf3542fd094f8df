/* Submit, order, the bound, status, memory, and the numbers. */
#include "pool_fixture.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_int sends;

int __real_uv_async_send(uv_async_t *async);
int __wrap_uv_async_send(uv_async_t *async);

int __wrap_uv_async_send(uv_async_t *async) {
  atomic_fetch_add(&sends, 1);
  return __real_uv_async_send(async);
}

static int note_begin(worker_task_t *task) {
  job_t *job = (job_t *)task;
  fixture_t *f = job->fixture;
  f->began[f->began_count++] = job->number;
  return job_work(task);
}

static void one_worker_begins_tasks_in_the_order_of_submits(void **state) {
  fixture_t *f = *state;
  static const int expected[8] = {3, 1, 7, 0, 6, 2, 5, 4};
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit_work(f, expected[i], note_begin), 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->began_count, 8);
  assert_memory_equal(f->began, expected, sizeof(expected));
}

static void what_is_done_together_comes_with_one_send(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  int before = atomic_load(&sends);
  release_worker(f);
  while (pool_info(f).completed < 9)
    sched_yield();
  assert_int_equal(atomic_load(&sends) - before, 1);
  run_loop(f);
  assert_int_equal(f->jobs[7].dones, 1);
}

static async_hook_t hook;

/* Holds the worker behind the work, before its task is on the way home. */
static void hold_after(async_id_t async_id, void *data) {
  fixture_t *f = data;
  (void)async_id;
  async_hook_disable(&hook);
  uv_sem_post(&f->held);
  uv_sem_wait(&f->hold);
}

static int work_that_holds_after(worker_task_t *task) {
  static const async_hook_callbacks_t callbacks = {.after = hold_after};
  int error = async_hook_init(&hook, &callbacks, ((job_t *)task)->fixture);
  return error == 0 ? async_hook_enable(&hook) : error;
}

static void the_loop_is_woken_while_the_worker_still_ends_a_task(void **state) {
  fixture_t *f = *state;
  int before = atomic_load(&sends);
  assert_int_equal(submit_work(f, 0, work_that_holds_after), 0);
  uv_sem_wait(&f->held);
  assert_int_equal(atomic_load(&sends) - before, 1);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, 0);
  assert_int_equal(f->jobs[0].dones, 1);
}

static void a_loop_woken_too_early_is_woken_again(void **state) {
  fixture_t *f = *state;
  int before = atomic_load(&sends);
  assert_int_equal(submit_work(f, 0, work_that_holds_after), 0);
  uv_sem_wait(&f->held);
  uv_run(&f->loop, UV_RUN_NOWAIT);
  assert_int_equal(f->jobs[0].dones, 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(atomic_load(&sends) - before, 2);
}

static void a_full_queue_refuses_and_leaves_the_task_untouched(void **state) {
  fixture_t *f = *state;
  job_t untouched;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  memset(&f->jobs[8].task, 0x5a, sizeof(f->jobs[8].task));
  memcpy(&untouched, &f->jobs[8], sizeof(untouched));
  assert_int_equal(submit(f, 8), UV_EAGAIN);
  assert_memory_equal(&f->jobs[8], &untouched, sizeof(untouched));
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[8].works + f->jobs[8].dones, 0);
  assert_int_equal(submit(f, 8), 0);
  run_loop(f);
  assert_int_equal(f->jobs[8].dones, 1);
}

/* More than once around, so that room made by a worker counts like any. */
static void the_bound_is_exact_after_every_task(void **state) {
  fixture_t *f = *state;
  for (int round = 0; round < 3; round++) {
    hold_worker(f);
    for (int i = 0; i < 8; i++)
      assert_int_equal(submit(f, i), 0);
    assert_int_equal(submit(f, 8), UV_EAGAIN);
    assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[3].task), 0);
    assert_int_equal(submit(f, 8), 0);
    assert_int_equal(submit(f, 9), UV_EAGAIN);
    release_worker(f);
    run_loop(f);
  }
  assert_int_equal(pool_info(f).queued_peak, 8);
  assert_int_equal(pool_info(f).rejected, 6);
  assert_int_equal(f->jobs[8].works, 3);
  assert_int_equal(f->jobs[9].works, 0);
}

/* The worker has taken one of four and moved the others up when more come. */
static void what_comes_later_begins_later(void **state) {
  fixture_t *f = *state;
  static const int expected[] = {1, 2, 3, 4, 5};
  hold_worker(f);
  assert_int_equal(submit_work(f, 0, hold_work), 0);
  for (int i = 1; i < 4; i++)
    assert_int_equal(submit_work(f, i, note_begin), 0);
  release_worker(f);
  uv_sem_wait(&f->held);
  for (int i = 4; i < 6; i++)
    assert_int_equal(submit_work(f, i, note_begin), 0);
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->began_count, 5);
  assert_memory_equal(f->began, expected, sizeof(expected));
}

/* The worker took it without the submitters' lock. */
static void what_was_taken_is_no_part_of_the_peak(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(submit_work(f, 0, hold_work), 0);
  assert_int_equal(submit(f, 1), 0);
  release_worker(f);
  uv_sem_wait(&f->held);
  assert_int_equal(submit(f, 2), 0);
  assert_int_equal(pool_info(f).queued, 2);
  assert_int_equal(pool_info(f).queued_peak, 2);
  release_worker(f);
  run_loop(f);
}

static int fail_with_eio(worker_task_t *task) {
  (void)task;
  return UV_EIO;
}

static void done_gets_what_the_work_returned(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_work(f, 0, fail_with_eio), 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_int_equal(f->jobs[1].status, 0);
}

static void many_workers_do_every_task_once(void **state) {
  fixture_t *f = *state;
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  run_loop(f);
  for (int i = 0; i < 8; i++) {
    assert_int_equal(f->jobs[i].works, 1);
    assert_int_equal(f->jobs[i].dones, 1);
  }
}

static void wrong_arguments_are_refused(void **state) {
  fixture_t *f = *state;
  worker_task_t *task = &f->jobs[0].task;
  assert_int_equal(worker_pool_submit(NULL, task, job_work, job_done),
                   UV_EINVAL);
  assert_int_equal(worker_pool_submit(f->pool, NULL, job_work, job_done),
                   UV_EINVAL);
  assert_int_equal(worker_pool_submit(f->pool, task, NULL, job_done),
                   UV_EINVAL);
  assert_int_equal(worker_pool_cancel(NULL, task), UV_EINVAL);
  assert_int_equal(worker_pool_cancel(f->pool, NULL), UV_EINVAL);
  assert_int_equal(worker_pool_close(NULL, true, NULL, NULL), UV_EINVAL);
}

typedef struct stranger_s {
  fixture_t *f;
  int bare, without_loop, close;
} stranger_t;

static void submit_without_loop(void *arg) {
  stranger_t *stranger = arg;
  stranger->bare = submit(stranger->f, 0);
  async_env_open(ASYNC_ENV_OTHER, "stranger");
  stranger->without_loop = submit(stranger->f, 0);
  stranger->close = worker_pool_close(stranger->f->pool, true, NULL, NULL);
  async_env_detach();
}

static void a_thread_without_loop_can_neither_submit_nor_close(void **state) {
  fixture_t *f = *state;
  stranger_t stranger = {.f = f};
  run_on_thread(submit_without_loop, &stranger);
  assert_int_equal(stranger.bare, UV_EINVAL);
  assert_int_equal(stranger.without_loop, UV_EINVAL);
  assert_int_equal(stranger.close, UV_EINVAL);
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].dones, 1);
}

static void done_may_be_null(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, NULL), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 1);
}

static void free_task(worker_task_t *task, int status) {
  fixture_t *f = task->data;
  memset(task, 0x5a, sizeof(*task));
  free(task);
  f->closed = status == 0;
}

static int do_nothing(worker_task_t *task) {
  (void)task;
  return 0;
}

static void a_task_may_be_freed_in_done(void **state) {
  fixture_t *f = *state;
  worker_task_t *task = calloc(1, sizeof(*task));
  assert_non_null(task);
  task->data = f;
  assert_int_equal(worker_pool_submit(f->pool, task, do_nothing, free_task), 0);
  run_loop(f);
  assert_int_equal(f->closed, 1);
}

static void submit_again(worker_task_t *task, int status) {
  job_t *job = (job_t *)task;
  job_done(task, status);
  if (job->dones < 5)
    worker_pool_submit(job->fixture->pool, task, job_work, submit_again);
}

static void a_task_may_be_submitted_again_in_done(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, submit_again), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 5);
  assert_int_equal(f->jobs[0].dones, 5);
  assert_int_equal(f->jobs[0].done_trigger_async_id,
                   f->jobs[0].done_async_id - 1);
}

static void info_counts_what_waits_runs_and_was_refused(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_int_equal(submit(f, 8), UV_EAGAIN);
  assert_int_equal(worker_pool_cancel(f->pool, &f->jobs[0].task), 0);
  worker_pool_info_t info = pool_info(f);
  assert_int_equal(info.threads, 1);
  assert_int_equal(info.active, 1);
  assert_int_equal(info.queued, 7);
  assert_int_equal(info.queued_peak, 8);
  assert_int_equal(info.submitted, 9);
  assert_int_equal(info.rejected, 1);
  assert_int_equal(info.cancelled, 1);
  assert_int_equal(info.completed, 0);
  release_worker(f);
  run_loop(f);
}

static void info_counts_what_was_done(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(submit(f, 0), 0);
  release_worker(f);
  run_loop(f);
  worker_pool_info_t info = pool_info(f);
  assert_int_equal(info.active, 0);
  assert_int_equal(info.queued, 0);
  assert_int_equal(info.submitted, 2);
  assert_int_equal(info.completed, 2);
  assert_true(info.waited_ns > 0);
  assert_true(info.worked_ns > 0);
}

static void note_completed(worker_task_t *task, int status) {
  job_done(task, status);
  fixture_t *f = ((job_t *)task)->fixture;
  f->closed = (int)pool_info(f).completed;
}

static void a_task_counts_as_completed_when_done_is_called(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, note_completed),
      0);
  run_loop(f);
  assert_int_equal(f->closed, 1);
}

typedef struct view_s {
  fixture_t *f;
  worker_pool_info_t info;
} view_t;

static void look(void *arg) {
  view_t *view = arg;
  view->info = pool_info(view->f);
}

static void another_thread_gets_the_info_while_workers_are_held(void **state) {
  fixture_t *f = *state;
  view_t view = {.f = f};
  hold_worker(f);
  assert_int_equal(submit(f, 0), 0);
  run_on_thread(look, &view);
  assert_int_equal(view.info.active, 1);
  assert_int_equal(view.info.queued, 1);
  release_worker(f);
  run_loop(f);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(one_worker_begins_tasks_in_the_order_of_submits),
      cmocka_unit_test_pool(what_is_done_together_comes_with_one_send),
      cmocka_unit_test_pool(
          the_loop_is_woken_while_the_worker_still_ends_a_task),
      cmocka_unit_test_pool(a_loop_woken_too_early_is_woken_again),
      cmocka_unit_test_pool(a_full_queue_refuses_and_leaves_the_task_untouched),
      cmocka_unit_test_pool(the_bound_is_exact_after_every_task),
      cmocka_unit_test_pool(what_comes_later_begins_later),
      cmocka_unit_test_pool(what_was_taken_is_no_part_of_the_peak),
      cmocka_unit_test_pool(done_gets_what_the_work_returned),
      cmocka_unit_test_pool_of_four(many_workers_do_every_task_once),
      cmocka_unit_test_pool(wrong_arguments_are_refused),
      cmocka_unit_test_pool(a_thread_without_loop_can_neither_submit_nor_close),
      cmocka_unit_test_pool(done_may_be_null),
      cmocka_unit_test_pool(a_task_may_be_freed_in_done),
      cmocka_unit_test_pool(a_task_may_be_submitted_again_in_done),
      cmocka_unit_test_pool(info_counts_what_waits_runs_and_was_refused),
      cmocka_unit_test_pool(info_counts_what_was_done),
      cmocka_unit_test_pool(a_task_counts_as_completed_when_done_is_called),
      cmocka_unit_test_pool(
          another_thread_gets_the_info_while_workers_are_held),
  };
  return test_main(tests, argc, argv);
}
