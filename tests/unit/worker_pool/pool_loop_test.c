/* The pool and the loops that submit: what keeps them alive, what they get,
 * what detaching one does. */
#include "pool_fixture.h"

static void an_idle_pool_does_not_keep_the_loop_alive(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  assert_int_equal(uv_loop_alive(&f->loop), 0);
  assert_int_equal(uv_run(&f->loop, UV_RUN_DEFAULT), 0);
}

static void uv_run_goes_on_until_the_last_done(void **state) {
  fixture_t *f = *state;
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_int_not_equal(uv_loop_alive(&f->loop), 0);
  assert_int_equal(uv_run(&f->loop, UV_RUN_DEFAULT), 0);
  for (int i = 0; i < 8; i++)
    assert_int_equal(f->jobs[i].dones, 1);
}

static void the_loop_is_woken_again_after_it_was_idle(void **state) {
  fixture_t *f = *state;
  for (int i = 0; i < 8; i++) {
    assert_int_equal(submit(f, i), 0);
    run_loop(f);
    assert_int_equal(f->jobs[i].dones, 1);
  }
}

static void runs_loop_inside(worker_task_t *task, int status) {
  fixture_t *f = ((job_t *)task)->fixture;
  job_done(task, status);
  release_worker(f);
  run_loop(f);
  f->closed = f->jobs[1].dones;
}

/* libuv itself does not promise anything here; no task may be lost. */
static void a_done_that_runs_the_loop_gets_the_rest_of_the_batch(void **state) {
  fixture_t *f = *state;
  assert_int_equal(
      worker_pool_submit(f->pool, &f->jobs[0].task, job_work, runs_loop_inside),
      0);
  hold_worker(f);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->jobs[1].dones, 1);
}

static void submit_from_there(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  for (int i = 8; i < 12; i++)
    submit(f, i);
  uv_run(loop, UV_RUN_DEFAULT);
}

static void a_loop_gets_its_own_completions_only(void **state) {
  fixture_t *f = *state;
  for (int i = 0; i < 4; i++)
    assert_int_equal(submit(f, i), 0);
  assert_true(run_on_loop_thread(submit_from_there, f));
  for (int i = 0; i < 4; i++)
    assert_int_equal(f->jobs[i].dones, 0);
  run_loop(f);
  for (int i = 0; i < 4; i++)
    assert_int_equal(f->jobs[i].done_thread, async_env_thread());
  for (int i = 8; i < 12; i++) {
    assert_int_equal(f->jobs[i].dones, 1);
    assert_int_not_equal(f->jobs[i].done_thread, async_env_thread());
  }
}

/* The worker is held until the first done: detach must have cancelled what
 * waits before it waits for what runs. */
static void release_in_done(worker_task_t *task, int status) {
  job_done(task, status);
  release_worker(((job_t *)task)->fixture);
}

static void detach_with_one_held(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  (void)loop;
  hold_worker(f);
  worker_pool_submit(f->pool, &f->jobs[0].task, job_work, release_in_done);
  submit(f, 1);
}

static void detach_cancels_what_waits_and_waits_for_what_runs(void **state) {
  fixture_t *f = *state;
  assert_true(run_on_loop_thread(detach_with_one_held, f));
  assert_int_equal(f->holder.dones, 1);
  assert_int_equal(f->holder.status, 0);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(f->jobs[i].works, 0);
    assert_int_equal(f->jobs[i].dones, 1);
    assert_int_equal(f->jobs[i].status, UV_ECANCELED);
  }
}

static void detach_with_two_waiting(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  (void)loop;
  submit(f, 0);
  worker_pool_submit(f->pool, &f->jobs[1].task, job_work, release_in_done);
}

static void detach_leaves_the_tasks_of_other_loops(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_int_equal(submit(f, 2), 0);
  assert_true(run_on_loop_thread(detach_with_two_waiting, f));
  assert_int_equal(f->jobs[1].status, UV_ECANCELED);
  run_loop(f);
  assert_int_equal(f->jobs[2].works, 1);
  assert_int_equal(f->jobs[2].dones, 1);
}

static void submit_in_done(worker_task_t *task, int status) {
  fixture_t *f = ((job_t *)task)->fixture;
  job_done(task, status);
  f->closed = submit(f, 1);
}

static void detach_with_submitting_done(uv_loop_t *loop, void *arg) {
  fixture_t *f = arg;
  (void)loop;
  worker_pool_submit(f->pool, &f->jobs[0].task, job_work, submit_in_done);
}

static void a_loop_being_detached_takes_no_more_tasks(void **state) {
  fixture_t *f = *state;
  assert_true(run_on_loop_thread(detach_with_submitting_done, f));
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->closed, UV_ECANCELED);
  assert_int_equal(f->jobs[1].works + f->jobs[1].dones, 0);
}

typedef struct late_s {
  fixture_t *f;
  int submitted, closed;
} late_t;

static void submit_and_close(void *arg) {
  late_t *late = arg;
  late->submitted = submit(late->f, 0);
  late->closed = worker_pool_close(late->f->pool, true, NULL, NULL);
}

static void detach_with_submitting_tick(uv_loop_t *loop, void *arg) {
  late_t *late = arg;
  (void)loop;
  async_next_tick(submit_and_close, late);
}

/* The tick runs when the pool could not be told of the end any more. */
static void a_loop_that_is_all_but_detached_is_refused(void **state) {
  fixture_t *f = *state;
  late_t late = {.f = f};
  assert_true(run_on_loop_thread(detach_with_submitting_tick, &late));
  assert_int_equal(late.submitted, UV_ECANCELED);
  assert_int_equal(late.closed, UV_ECANCELED);
  assert_int_equal(f->jobs[0].works + f->jobs[0].dones, 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[1].dones, 1);
}

static void a_loop_attached_again_may_submit_again(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_alive(&f->loop), 0);
  assert_int_equal(async_env_attach(&f->loop), 0);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[1].dones, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(an_idle_pool_does_not_keep_the_loop_alive),
      cmocka_unit_test_pool(uv_run_goes_on_until_the_last_done),
      cmocka_unit_test_pool(the_loop_is_woken_again_after_it_was_idle),
      cmocka_unit_test_pool(
          a_done_that_runs_the_loop_gets_the_rest_of_the_batch),
      cmocka_unit_test_pool_of_four(a_loop_gets_its_own_completions_only),
      cmocka_unit_test_pool(detach_cancels_what_waits_and_waits_for_what_runs),
      cmocka_unit_test_pool(detach_leaves_the_tasks_of_other_loops),
      cmocka_unit_test_pool(a_loop_being_detached_takes_no_more_tasks),
      cmocka_unit_test_pool(a_loop_that_is_all_but_detached_is_refused),
      cmocka_unit_test_pool(a_loop_attached_again_may_submit_again),
  };
  return test_main(tests, argc, argv);
}
