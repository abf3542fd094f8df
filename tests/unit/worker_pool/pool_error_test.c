/* A task that fails, or takes its thread with it: its own done hears of it, a
 * fresh thread takes the place, and nobody else notices. */
#include "asyncscope/async_fail.h"
#include "pool_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct seen_s {
  char message[WORKER_TASK_MESSAGE_BYTES];
  size_t threads; /* of the pool, when done was called */
} seen_t;

static void note_error(worker_task_t *task, int status) {
  seen_t *seen = task->data;
  const char *message = worker_task_error(task);
  job_done(task, status);
  snprintf(seen->message, sizeof(seen->message), "%s",
           message == NULL ? "" : message);
  seen->threads = pool_info(((job_t *)task)->fixture).threads;
}

/* jobs[0] with `work`, jobs[1] behind it, in stores of their own. */
static int submit_noting(void *arg) {
  job_t *job = arg;
  return worker_pool_submit(job->fixture->pool, &job->task, job->failing,
                            note_error);
}

static seen_t run_failing(fixture_t *f, worker_task_work_cb work) {
  seen_t seen = {.message = "done was not called"};
  f->jobs[0].failing = work;
  f->jobs[0].task.data = &seen;
  if (async_local_storage_run(&f->als, (void *)"failing", submit_noting,
                              &f->jobs[0]) == 0 &&
      submit_with(f, 1, "other") == 0)
    run_loop(f);
  return seen;
}

static void assert_other_noticed_nothing(const fixture_t *f) {
  assert_int_equal(f->jobs[1].status, 0);
  assert_int_equal(f->jobs[1].works, 1);
  assert_string_equal(f->jobs[1].work_store, "other");
  assert_string_equal(f->jobs[1].done_store, "other");
}

static void assert_replaced(const fixture_t *f, const seen_t *seen,
                            const char *message) {
  assert_int_equal(f->jobs[0].dones, 1);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_string_equal(f->jobs[0].done_store, "failing");
  assert_string_equal(seen->message, message);
  assert_int_equal(seen->threads, 1);
  assert_int_equal(pool_info(f).aborted, 1);
  assert_int_not_equal(f->jobs[0].work_thread, f->jobs[1].work_thread);
  assert_int_equal(f->jobs[1].work_async_id, ASYNC_ID_ROOT + 1);
  assert_other_noticed_nothing(f);
}

static int abort_work(worker_task_t *task) {
  job_work(task);
  worker_task_abort("no such table");
}

static void an_aborted_task_gets_its_message_in_its_context(void **state) {
  fixture_t *f = *state;
  seen_t seen = run_failing(f, abort_work);
  assert_replaced(f, &seen, "no such table");
}

static int exit_work(worker_task_t *task) {
  job_work(task);
  pthread_exit(NULL);
}

static void a_task_may_end_its_thread(void **state) {
  fixture_t *f = *state;
  seen_t seen = run_failing(f, exit_work);
  assert_replaced(f, &seen, "the thread of the task was ended");
}

static int cancel_work(worker_task_t *task) {
  job_work(task);
  pthread_cancel(pthread_self());
  pthread_testcancel();
  return 0;
}

static void a_cancelled_thread_is_replaced(void **state) {
  fixture_t *f = *state;
  seen_t seen = run_failing(f, cancel_work);
  assert_replaced(f, &seen, "the thread of the task was ended");
}

static int abort_in_scope(void *arg) {
  (void)arg;
  worker_task_abort("deep");
}

/* The scope entered inside the work is left as the stack is unwound. */
static int abort_deep(worker_task_t *task) {
  __attribute__((cleanup(async_resource_finish))) async_resource_t inner = {0};
  job_work(task);
  if (async_resource_init(&inner, "INNER", NULL) != 0)
    return UV_ENOMEM;
  return async_resource_run_in_async_scope(&inner, abort_in_scope, NULL);
}

static void scopes_inside_the_work_are_left(void **state) {
  fixture_t *f = *state;
  seen_t seen = run_failing(f, abort_deep);
  assert_replaced(f, &seen, "deep");
}

static void abort_in_tick(async_tick_t *tick) {
  (void)tick;
  worker_task_abort("in a tick");
}

static int ticks_behind;

static void count_tick(void *arg) {
  (void)arg;
  ticks_behind++;
}

static int abort_later(worker_task_t *task) {
  static async_tick_t tick;
  job_work(task);
  int error = async_tick_start(&tick, abort_in_tick, NULL);
  return error != 0 ? error : async_next_tick(count_tick, NULL);
}

static void a_tick_of_the_work_may_abort_it(void **state) {
  fixture_t *f = *state;
  ticks_behind = 0;
  seen_t seen = run_failing(f, abort_later);
  assert_replaced(f, &seen, "in a tick");
  assert_int_equal(ticks_behind, 1);
}

static int long_abort(worker_task_t *task) {
  char message[2 * WORKER_TASK_MESSAGE_BYTES];
  memset(message, 'm', sizeof(message) - 1);
  message[sizeof(message) - 1] = '\0';
  job_work(task);
  worker_task_abort(message);
}

static void a_long_message_is_cut(void **state) {
  fixture_t *f = *state;
  seen_t seen = run_failing(f, long_abort);
  assert_int_equal(strlen(seen.message), WORKER_TASK_MESSAGE_BYTES - 1);
}

static int fail_work(worker_task_t *task) {
  job_work(task);
  async_fail("not %d", 42);
  return 0;
}

static void a_failed_task_keeps_its_thread(void **state) {
  fixture_t *f = *state;
  seen_t seen = run_failing(f, fail_work);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_string_equal(seen.message, "not 42");
  assert_int_equal(pool_info(f).aborted, 0);
  assert_int_equal(f->jobs[0].work_thread, f->jobs[1].work_thread);
  assert_other_noticed_nothing(f);
}

static int status_work(worker_task_t *task) {
  (void)task;
  return UV_ENOENT;
}

static void a_status_has_no_message(void **state) {
  fixture_t *f = *state;
  seen_t seen = run_failing(f, status_work);
  assert_int_equal(f->jobs[0].status, UV_ENOENT);
  assert_string_equal(seen.message, "");
}

static void closing_waits_for_a_task_that_aborts(void **state) {
  fixture_t *f = *state;
  assert_int_equal(submit_work(f, 0, abort_work), 0);
  assert_int_equal(close_pool(f, true), 0);
  run_loop(f);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_int_equal(f->closed, 1);
}

static void every_task_may_abort(void **state) {
  fixture_t *f = *state;
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit_work(f, i, abort_work), 0);
  run_loop(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(f->jobs[i].status, UV_EIO);
  assert_int_equal(pool_info(f).threads, 4);
  assert_int_equal(pool_info(f).completed, 8);
}

typedef struct told_s {
  uv_sem_t told;
  int status;
} told_t;

static void on_error(worker_pool_t *pool, int status, const char *message,
                     void *arg) {
  told_t *told = arg;
  (void)pool, (void)message;
  told->status = status;
  uv_sem_post(&told->told);
}

static pthread_t idle_thread;

static int note_thread(worker_task_t *task) {
  idle_thread = pthread_self();
  return job_work(task);
}

/* ThreadSanitizer takes a thread that was cancelled in sem_wait() to be in it
 * for ever, and does not see what it then tells others. */
static void a_waiting_thread_that_ends_is_the_pools_error(void **state) {
#ifdef __SANITIZE_THREAD__
  test_leave_out("ThreadSanitizer loses a cancelled thread");
#endif
  fixture_t *f = *state;
  told_t told = {.status = 0};
  worker_pool_options_t options = {
      .threads = 1, .on_error = on_error, .on_error_arg = &told};
  assert_int_equal(close_pool(f, true), 0);
  assert_int_equal(uv_sem_init(&told.told, 0), 0);
  assert_int_equal(worker_pool_create(&options, &f->pool), 0);
  assert_int_equal(submit_work(f, 0, note_thread), 0);
  run_loop(f);
  pthread_cancel(idle_thread);
  uv_sem_wait(&told.told);
  assert_int_equal(told.status, UV_EIO);
  assert_int_equal(submit(f, 1), 0);
  run_loop(f);
  assert_int_equal(f->jobs[1].works, 1);
  assert_int_not_equal(f->jobs[0].work_thread, f->jobs[1].work_thread);
  assert_int_equal(close_pool(f, true), 0);
  run_loop(f);
  uv_sem_destroy(&told.told);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(an_aborted_task_gets_its_message_in_its_context),
      cmocka_unit_test_pool(a_task_may_end_its_thread),
      cmocka_unit_test_pool(a_cancelled_thread_is_replaced),
      cmocka_unit_test_pool(scopes_inside_the_work_are_left),
      cmocka_unit_test_pool(a_tick_of_the_work_may_abort_it),
      cmocka_unit_test_pool(a_long_message_is_cut),
      cmocka_unit_test_pool(a_failed_task_keeps_its_thread),
      cmocka_unit_test_pool(a_status_has_no_message),
      cmocka_unit_test_pool(closing_waits_for_a_task_that_aborts),
      cmocka_unit_test_pool_of_four(every_task_may_abort),
      cmocka_unit_test_pool(a_waiting_thread_that_ends_is_the_pools_error),
  };
  return test_main(tests, argc, argv);
}
