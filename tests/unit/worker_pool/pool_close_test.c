#include "pool_fixture.h"

static void assert_all(fixture_t *f, int count, int works, int status) {
  for (int i = 0; i < count; i++) {
    assert_int_equal(f->jobs[i].works, works);
    assert_int_equal(f->jobs[i].dones, 1);
    assert_int_equal(f->jobs[i].status, status);
  }
}

static void an_unused_pool_closes(void **state) {
  fixture_t *f = *state;
  assert_int_equal(close_pool(f, true), 0);
  assert_int_equal(f->closed, 0);
  run_loop(f);
  assert_int_equal(f->closed, 1);
}

static void with_drain_what_waits_is_done_first(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_int_equal(close_pool(f, true), 0);
  release_worker(f);
  run_loop(f);
  assert_all(f, 8, 1, 0);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->dones_at_close, 8);
}

static void without_drain_what_waits_is_cancelled(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_int_equal(close_pool(f, false), 0);
  release_worker(f);
  run_loop(f);
  assert_all(f, 8, 0, UV_ECANCELED);
  assert_int_equal(f->holder.status, 0);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->dones_at_close, 8);
}

static void release_in_done(worker_task_t *task, int status) {
  job_done(task, status);
  release_worker(((job_t *)task)->fixture);
}

static void what_is_cancelled_is_done_while_the_workers_are_busy(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, release_in_done),
      0);
  assert_int_equal(close_pool(f, false), 0);
  run_loop(f); /* would never end if done waited for the worker */
  assert_int_equal(f->jobs[0].status, UV_ECANCELED);
  assert_int_equal(f->closed, 1);
}

static void a_closing_pool_takes_no_more_tasks(void **state) {
  fixture_t *f = *state;
  worker_pool_t *pool = f->pool;
  assert_int_equal(close_pool(f, true), 0);
  assert_int_equal(
      worker_pool_submit(pool, &f->jobs[0].task, job_work, job_done),
      UV_ECANCELED);
  run_loop(f);
  assert_int_equal(f->jobs[0].works + f->jobs[0].dones, 0);
}

static void closing_twice_is_an_error(void **state) {
  fixture_t *f = *state;
  worker_pool_t *pool = f->pool;
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(close_pool(f, true), 0);
  assert_int_equal(worker_pool_close(pool, false, NULL, NULL), UV_EALREADY);
  run_loop(f);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->jobs[0].works, 1);
}

static void drain_in_done(worker_task_t *task, int status) {
  job_done(task, status);
  close_pool(((job_t *)task)->fixture, true);
}

static void cancel_in_done(worker_task_t *task, int status) {
  job_done(task, status);
  close_pool(((job_t *)task)->fixture, false);
  release_worker(((job_t *)task)->fixture);
}

static void a_done_callback_may_close_with_drain(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, drain_in_done),
      0);
  for (int i = 1; i < 4; i++)
    assert_int_equal(submit(f, i), 0);
  run_loop(f);
  assert_all(f, 4, 1, 0);
  assert_int_equal(f->closed, 1);
}

/* The worker is held from the moment the first task is done. */
static void a_done_callback_may_close_without_drain(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[3].task, job_work, cancel_in_done),
      0);
  hold_worker(f);
  for (int i = 0; i < 3; i++)
    assert_int_equal(submit(f, i), 0);
  run_loop(f);
  assert_int_equal(f->jobs[3].works, 1);
  assert_all(f, 3, 0, UV_ECANCELED);
  assert_int_equal(f->closed, 1);
}

static int close_now(void *arg) {
  return close_pool(arg, true);
}

static void on_closed_runs_in_the_closers_context(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(
      async_local_storage_run(&f->als, (void *)"closer", close_now, f), 0);
  run_loop(f);
  assert_int_equal(f->closed, 1);
  assert_string_equal(f->closed_store, "closer");
}

static void nobody_need_be_told_of_the_end(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  assert_int_equal(worker_pool_close(f->pool, true, NULL, NULL), 0);
  f->pool = NULL;
  run_loop(f);
  assert_int_equal(f->jobs[0].works, 1);
}

static void close_from_there(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  close_pool(f, true);
  uv_sem_post(&f->hold);
  uv_run(loop, UV_RUN_DEFAULT);
}

static void close_there(void *arg) {
  fixture_t *f = arg;
  f->dones_at_close = run_on_loop_thread(close_from_there, f) ? 0 : 1000;
}

/* The closing loop ends only when this one has taken its completions. */
static void another_loop_may_close_while_this_one_runs(void **state) {
  fixture_t *f = *state;
  uv_thread_t thread;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_int_equal(uv_thread_create(&thread, close_there, f), 0);
  run_loop(f);
  assert_int_equal(async_env_detach(), 0);
  uv_thread_join(&thread);
  assert_all(f, 8, 1, 0);
  assert_int_equal(f->closed, 1);
  assert_int_equal(async_env_attach(&f->loop), 0);
}

static void submit_and_run(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  for (int i = 0; i < 4; i++)
    submit(f, i);
  uv_sem_post(&f->held);
  uv_run(loop, UV_RUN_DEFAULT);
}

static void submit_there(void *arg) {
  fixture_t *f = arg;
  f->began_count += run_on_loop_thread(submit_and_run, f);
}

/* Closed on this loop while another one runs, or has just ended, or is being
 * detached: the pool may go only when that one has left. */
static void close_beside_another_loop(fixture_t *f, bool drain, bool detach) {
  worker_pool_options_t options = {.threads = 2};
  uv_thread_t thread;
  if (worker_pool_create(&options, &f->pool) != 0 ||
      uv_thread_create(&thread, submit_there, f) != 0)
    return;
  uv_sem_wait(&f->held);
  close_pool(f, drain);
  if (detach)
    async_env_detach();
  else
    run_loop(f);
  uv_thread_join(&thread);
  if (detach)
    async_env_attach(&f->loop);
}

static void the_pool_outlasts_every_loop_that_submitted(void **state) {
  fixture_t *f = *state;
  assert_int_equal(close_pool(f, true), 0);
  run_loop(f);
  for (int i = 0; i < 200; i++)
    close_beside_another_loop(f, i % 2 == 0, i % 4 < 2);
  assert_int_equal(f->closed, 201);
  assert_int_equal(f->began_count, 200);
  for (int i = 0; i < 4; i++)
    assert_int_equal(f->jobs[i].dones, 200);
}

static void close_and_leave(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  (void)loop;
  submit(f, 0);
  submit(f, 1);
  close_pool(f, true);
}

static void detaching_the_closing_loop_waits_for_the_end(void **state) {
  fixture_t *f = *state;
  assert_true(run_on_loop_thread(close_and_leave, f));
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->jobs[1].dones, 1);
}

static void close_in_done_of_detach(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  (void)loop;
  worker_pool_submit(f->pool, &f->jobs[0].task, job_work, drain_in_done);
}

static void a_done_called_by_detach_may_close(void **state) {
  fixture_t *f = *state;
  assert_true(run_on_loop_thread(close_in_done_of_detach, f));
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->closed, 1);
}

static void close_in_init(async_id_t async_id, const char *type,
                          async_id_t trigger_async_id,
                          async_resource_t *resource, void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  fixture_t *f = data;
  if (f->pool != NULL)
    close_pool(f, false);
}

/* The submit was accepted before: it is done, as cancelled. */
static void a_submit_during_which_the_pool_closes_is_not_lost(void **state) {
  fixture_t *f = *state;
  async_hook_callbacks_t callbacks = {.init = close_in_init};
  async_hook_t hook;
  async_hook_init(&hook, &callbacks, f);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(submit(f, 0), 0);
  async_hook_disable(&hook);
  run_loop(f);
  assert_all(f, 1, 0, UV_ECANCELED);
  assert_int_equal(f->closed, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool_of_four(an_unused_pool_closes),
      cmocka_unit_test_pool(with_drain_what_waits_is_done_first),
      cmocka_unit_test_pool(without_drain_what_waits_is_cancelled),
      cmocka_unit_test_pool(
          what_is_cancelled_is_done_while_the_workers_are_busy),
      cmocka_unit_test_pool_of_four(a_closing_pool_takes_no_more_tasks),
      cmocka_unit_test_pool(closing_twice_is_an_error),
      cmocka_unit_test_pool(a_done_callback_may_close_with_drain),
      cmocka_unit_test_pool(a_done_callback_may_close_without_drain),
      cmocka_unit_test_pool(on_closed_runs_in_the_closers_context),
      cmocka_unit_test_pool(nobody_need_be_told_of_the_end),
      cmocka_unit_test_pool(another_loop_may_close_while_this_one_runs),
      cmocka_unit_test_pool(the_pool_outlasts_every_loop_that_submitted),
      cmocka_unit_test_pool(detaching_the_closing_loop_waits_for_the_end),
      cmocka_unit_test_pool(a_done_called_by_detach_may_close),
      cmocka_unit_test_pool_of_four(
          a_submit_during_which_the_pool_closes_is_not_lost),
  };
  return test_main(tests, argc, argv);
}
