/* Tasks so short that one worker does them all while a called one stands by:
 * whether it does is the machine's choice, what must not happen is not. */
#include "pool_fixture.h"

#include <stdlib.h>
#include <string.h>

#define SHORT   2000
#define ROUNDS  300 /* divided by ASYNCSCOPE_TEST_SCALE */
#define FEW     3   /* where everything is very slow */
#define IN_HAND 200

typedef struct row_s {
  fixture_t *fixture;
  worker_task_t tasks[IN_HAND];
  worker_task_t waiting, freeing;
  uv_sem_t freed;
  int done, failed;
} row_t;

static row_t row;

static int nothing(worker_task_t *task) {
  (void)task;
  return 0;
}

static int wait_until_freed(worker_task_t *task) {
  (void)task;
  uv_sem_wait(&row.freed);
  return 0;
}

static int set_free(worker_task_t *task) {
  (void)task;
  uv_sem_post(&row.freed);
  return 0;
}

static void count(worker_task_t *task, int status) {
  (void)task;
  row.done++;
  row.failed += status != 0;
}

static void submit_task(worker_task_t *task, worker_task_work_cb work) {
  row.failed += worker_pool_submit(row.fixture->pool, task, work, count) != 0;
}

static int round_count(void) {
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  const char *scale = getenv("ASYNCSCOPE_TEST_SCALE");
  long divisor = scale == NULL ? 1 : strtol(scale, NULL, 10);
  bool reduced = load != NULL && strcmp(load, "reduced") == 0;
  return reduced || divisor < 1 ? FEW : ROUNDS / (int)divisor;
}

/* The last but one ends only when the last has begun: on another worker. */
static void submit_more(worker_task_t *task, int status) {
  worker_pool_t *pool = row.fixture->pool;
  row.failed += status != 0;
  row.done++;
  if (row.done < SHORT) {
    row.failed += worker_pool_submit(pool, task, nothing, submit_more) != 0;
  } else if (row.done == SHORT) {
    submit_task(&row.waiting, wait_until_freed);
    submit_task(&row.freeing, set_free);
  }
}

static void a_task_behind_short_ones_and_a_long_one_finds_a_worker(
    void **state) {
  row = (row_t){.fixture = *state};
  int rounds = round_count();
  uv_sem_init(&row.freed, 0);
  for (int i = 0; i < rounds; i++) {
    row.done = 0;
    for (int j = 0; j < IN_HAND; j++)
      row.failed += worker_pool_submit(row.fixture->pool, &row.tasks[j],
                                       nothing, submit_more) != 0;
    run_loop(row.fixture);
    assert_int_equal(row.done, SHORT - 1 + IN_HAND + 2);
  }
  uv_sem_destroy(&row.freed);
  assert_int_equal(row.failed, 0);
}

/* In hand until the pool is as small as it was told to be. */
static void submit_again(worker_task_t *task, int status) {
  fixture_t *f = row.fixture;
  row.failed += status != 0;
  if (++row.done == IN_HAND)
    row.failed += worker_pool_resize(f->pool, 1) != 0;
  if (pool_info(f).threads > 1)
    row.failed += worker_pool_submit(f->pool, task, nothing, submit_again) != 0;
}

static void workers_leave_while_short_tasks_never_end(void **state) {
  row = (row_t){.fixture = *state};
  for (int i = 0; i < IN_HAND; i++)
    row.failed += worker_pool_submit(row.fixture->pool, &row.tasks[i], nothing,
                                     submit_again) != 0;
  run_loop(row.fixture);
  assert_int_equal(row.failed, 0);
  assert_int_equal(pool_info(row.fixture).threads, 1);
}

static void a_pool_closes_while_one_stands_by(void **state) {
  row = (row_t){.fixture = *state};
  for (int i = 0; i < IN_HAND; i++)
    submit_task(&row.tasks[i], nothing);
  assert_int_equal(close_pool(row.fixture, true), 0);
  run_loop(row.fixture);
  assert_int_equal(row.fixture->closed, 1);
  assert_int_equal(row.failed, 0);
  assert_int_equal(row.done, IN_HAND);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool_for_load(
          a_task_behind_short_ones_and_a_long_one_finds_a_worker),
      cmocka_unit_test_pool_for_load(workers_leave_while_short_tasks_never_end),
      cmocka_unit_test_pool_for_load(a_pool_closes_while_one_stands_by),
  };
  return test_main(tests, argc, argv);
}
