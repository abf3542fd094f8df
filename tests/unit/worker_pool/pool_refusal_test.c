/* What is refused says why. */
#include "pool_fixture.h"

/* Of another call, so that nobody is taken for it. */
static void forget_the_last(void) {
  async_error_set(UV_EINVAL, "another call");
}

#define assert_refused(call, error, why)             \
  do {                                               \
    forget_the_last();                               \
    assert_int_equal((call), (error));               \
    assert_string_equal(async_error_message(), why); \
  } while (0)

static void a_submit_says_what_it_lacks(void **state) {
  fixture_t *f = *state;
  worker_task_t *task = &f->jobs[0].task;
  worker_task_options_t high = {.priority = (worker_priority_t)9};
  assert_refused(worker_pool_submit(NULL, task, job_work, NULL), UV_EINVAL,
                 "the pool is NULL");
  assert_refused(worker_pool_submit(f->pool, NULL, job_work, NULL), UV_EINVAL,
                 "the task is NULL");
  assert_refused(worker_pool_submit(f->pool, task, NULL, NULL), UV_EINVAL,
                 "work is NULL");
  assert_refused(worker_pool_submit_with(f->pool, task, job_work, NULL, &high),
                 UV_EINVAL, "no such priority, or timeout");
}

static void a_full_queue_says_so(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  for (int i = 0; i < 8; i++)
    assert_int_equal(submit(f, i), 0);
  assert_refused(submit(f, 8), UV_EAGAIN, "the pool's queue is full");
  release_worker(f);
  run_loop(f);
}

static void a_closing_pool_says_so(void **state) {
  fixture_t *f = *state;
  worker_pool_t *pool = f->pool;
  worker_task_t *task = &f->jobs[0].task;
  hold_worker(f);
  assert_int_equal(close_pool(f, true), 0);
  assert_refused(worker_pool_submit(pool, task, job_work, NULL), UV_ECANCELED,
                 "the pool is closing");
  assert_refused(worker_pool_resize(pool, 2), UV_ECANCELED,
                 "the pool is closing");
  assert_refused(worker_pool_close(pool, true, NULL, NULL), UV_EALREADY,
                 "the pool is closing");
  release_worker(f);
  run_loop(f);
}

static void a_size_that_no_pool_has_is_told(void **state) {
  fixture_t *f = *state;
  worker_pool_options_t options = {.threads = WORKER_POOL_THREADS_MAX + 1};
  worker_pool_t *pool;
  assert_refused(worker_pool_create(&options, &pool), UV_EINVAL,
                 "a pool has no more threads than WORKER_POOL_THREADS_MAX");
  assert_refused(worker_pool_create(NULL, NULL), UV_EINVAL, "ret_pool is NULL");
  assert_refused(worker_pool_resize(f->pool, 0), UV_EINVAL,
                 "a pool has 1 to WORKER_POOL_THREADS_MAX threads");
}

static void what_cannot_be_cancelled_is_told(void **state) {
  fixture_t *f = *state;
  hold_worker(f);
  assert_refused(worker_pool_cancel(f->pool, &f->jobs[0].task), UV_EINVAL,
                 "no task that this thread submitted");
  release_worker(f);
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
}

typedef struct refusal_s {
  worker_pool_t *pool;
  worker_task_t task;
  int error;
  char why[64];
} refusal_t;

static void submit_without_loop(void *arg) {
  refusal_t *refusal = arg;
  refusal->error =
      worker_pool_submit(refusal->pool, &refusal->task, job_work, NULL);
  snprintf(refusal->why, sizeof(refusal->why), "%s", async_error_message());
}

static void a_thread_without_a_loop_is_told(void **state) {
  fixture_t *f = *state;
  refusal_t refusal = {.pool = f->pool};
  run_on_thread(submit_without_loop, &refusal);
  assert_int_equal(refusal.error, UV_EINVAL);
  assert_string_equal(refusal.why, "this thread has no loop");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(a_submit_says_what_it_lacks),
      cmocka_unit_test_pool(a_full_queue_says_so),
      cmocka_unit_test_pool(a_closing_pool_says_so),
      cmocka_unit_test_pool(a_size_that_no_pool_has_is_told),
      cmocka_unit_test_pool(what_cannot_be_cancelled_is_told),
      cmocka_unit_test_pool(a_thread_without_a_loop_is_told),
  };
  return test_main(tests, argc, argv);
}
