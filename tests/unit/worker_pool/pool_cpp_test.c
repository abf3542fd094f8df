/* What C++ work throws, through worker_pool.hpp. */
#include "pool_fixture.h"
#include "pool_throwing.h"

#include <stdio.h>

static char message[WORKER_TASK_MESSAGE_BYTES];

static void note_error(worker_task_t *task, int status) {
  const char *error = worker_task_error(task);
  snprintf(message, sizeof(message), "%s", error == NULL ? "" : error);
  job_done(task, status);
}

static void run_work(fixture_t *f, worker_task_work_cb work) {
  int error = worker_pool_submit(f->pool, &f->jobs[0].task, work, note_error);
  if (error == 0)
    error = submit(f, 1);
  run_loop(f);
  assert_int_equal(error, 0);
  assert_int_equal(f->jobs[1].status, 0);
  assert_int_equal(f->jobs[1].works, 1);
  assert_int_equal(pool_info(f).threads, 1);
  assert_int_equal(throwing_alive(), 0);
}

static void an_exception_is_the_tasks_error(void **state) {
  fixture_t *f = *state;
  run_work(f, throwing_work);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_string_equal(message, "out of range");
  assert_int_equal(f->jobs[1].work_async_id, ASYNC_ID_ROOT + 1);
}

static void anything_may_be_thrown(void **state) {
  fixture_t *f = *state;
  run_work(f, throwing_number_work);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_string_equal(message, "exception of unknown type");
}

static void the_end_of_the_thread_passes_through_the_wrapper(void **state) {
  fixture_t *f = *state;
  run_work(f, exiting_work);
  assert_int_equal(f->jobs[0].status, UV_EIO);
  assert_string_equal(message, "the thread of the task was ended");
}

static void what_returns_is_the_status(void **state) {
  fixture_t *f = *state;
  run_work(f, returning_work);
  assert_int_equal(f->jobs[0].status, 7);
  assert_int_equal(pool_info(f).aborted, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(an_exception_is_the_tasks_error),
      cmocka_unit_test_pool(anything_may_be_thrown),
      cmocka_unit_test_pool(the_end_of_the_thread_passes_through_the_wrapper),
      cmocka_unit_test_pool(what_returns_is_the_status),
  };
  return test_main(tests, argc, argv);
}
