/* A loop that has had many tasks and looks for more before it sleeps. That it
 * does is seen by its reading the clock, which goes on by a microsecond then
 * and by nothing else; and what is done meanwhile is the test's. */
#include "pool_fixture.h"

#include <pthread.h>
#include <sched.h>

#define MANY 16
#define FEW  4 /* on their way, and it looks again */

static struct linger_s {
  fixture_t *fixture;
  worker_task_t tasks[MANY];
  bool watched; /* from here on */
  uint64_t now_ns;
  int looks; /* behind the first batch */
  uint64_t dones;
  bool stopped;
  void (*on_look)(void); /* may be NULL */
} linger;

static pthread_t loop_thread; /* who alone touches that */

uint64_t __real_async_env_now_ns(void);
uint64_t __wrap_async_env_now_ns(void);
uint64_t __real_async_env_read_clock_ns(void);
uint64_t __wrap_async_env_read_clock_ns(void);

static bool is_loop(void) {
  return pthread_equal(pthread_self(), loop_thread) && linger.watched;
}

uint64_t __wrap_async_env_now_ns(void) {
  return is_loop() ? linger.now_ns : __real_async_env_now_ns();
}

uint64_t __wrap_async_env_read_clock_ns(void) {
  if (!is_loop())
    return __real_async_env_read_clock_ns();
  if (linger.dones > 0)
    linger.looks++;
  if (linger.dones > 0 && linger.on_look != NULL)
    linger.on_look();
  linger.now_ns += 1000;
  return linger.now_ns;
}

static int nothing(worker_task_t *task) {
  (void)task;
  return 0;
}

static void count(worker_task_t *task, int status) {
  (void)task;
  (void)status;
  linger.dones++;
}

static void await_completed(uint64_t completed) {
  while (pool_info(linger.fixture).completed < completed)
    sched_yield();
}

/* One worker is held; `number` tasks are done, and the loop has yet to come for
 * them. */
static void complete(void **state, int number, worker_task_done_cb done) {
  linger = (struct linger_s){.fixture = *state};
  hold_worker(linger.fixture);
  for (int i = 0; i < number; i++)
    assert_int_equal(worker_pool_submit(linger.fixture->pool, &linger.tasks[i],
                                        nothing, done),
                     0);
  await_completed((uint64_t)number);
  linger.now_ns = __real_async_env_read_clock_ns();
  linger.watched = true;
}

static void release_held(void) {
  linger.on_look = NULL;
  release_worker(linger.fixture);
  await_completed(MANY + 1);
}

static void what_is_done_right_behind_many_comes_in_the_same_turn(
    void **state) {
  complete(state, MANY, count);
  linger.on_look = release_held;
  uv_run(&linger.fixture->loop, UV_RUN_ONCE);
  assert_int_equal(linger.dones, MANY);
  assert_int_equal(linger.fixture->holder.dones, 1);
}

static void behind_few_a_loop_does_not_look(void **state) {
  complete(state, FEW, count);
  uv_run(&linger.fixture->loop, UV_RUN_ONCE);
  assert_int_equal(linger.dones, FEW);
  assert_int_equal(linger.looks, 0);
  release_worker(linger.fixture);
  run_loop(linger.fixture);
}

static void where_nothing_is_on_its_way_a_loop_does_not_look(void **state) {
  complete(state, MANY, count);
  release_worker(linger.fixture);
  await_completed(MANY + 1);
  uv_run(&linger.fixture->loop, UV_RUN_ONCE);
  assert_int_equal(linger.dones, MANY);
  assert_int_equal(linger.looks, 0);
}

static void submit_again(worker_task_t *task, int status) {
  count(task, status);
  if (!linger.stopped)
    worker_pool_submit(linger.fixture->pool, task, nothing, submit_again);
}

static void await_next(void) {
  await_completed(linger.dones + FEW);
}

static void stop(uv_check_t *check) {
  linger.stopped = true;
  uv_close((uv_handle_t *)check, NULL);
  release_worker(linger.fixture);
}

/* Whenever it looks there are some more. */
static void a_loop_that_is_never_without_tasks_comes_to_its_other_handles(
    void **state) {
  uv_check_t check;
  complete(state, MANY, submit_again);
  linger.on_look = await_next;
  uv_check_init(&linger.fixture->loop, &check);
  uv_check_start(&check, stop);
  uv_run(&linger.fixture->loop, UV_RUN_ONCE);
  assert_true(linger.stopped);
  linger.watched = false;
  run_loop(linger.fixture);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool_for_load(
          what_is_done_right_behind_many_comes_in_the_same_turn),
      cmocka_unit_test_pool_for_load(behind_few_a_loop_does_not_look),
      cmocka_unit_test_pool_for_load(
          where_nothing_is_on_its_way_a_loop_does_not_look),
      cmocka_unit_test_pool_for_load(
          a_loop_that_is_never_without_tasks_comes_to_its_other_handles),
  };
  loop_thread = pthread_self();
  return test_main(tests, argc, argv);
}
