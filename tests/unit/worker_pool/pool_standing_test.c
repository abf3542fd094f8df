/* A called worker that stands by while another is at work. The clock stands, so
 * that the pool is brisk for as long as a test wants it to be; and all threads
 * are on the core that a test says. */
#include "pool_fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static struct standing_s {
  atomic_ullong now_ns;   /* 0: the clock goes */
  atomic_bool never_ends; /* the wait, but for who is told */
  uv_sem_t told;          /* that somebody stands by */
  atomic_int core;        /* -1: nobody knows */
  pthread_t loop_thread;
  uv_sem_t waits; /* of a worker, for a call or to be released */
} standing;

int __wrap_sched_getcpu(void);
void __real_uv_sem_wait(uv_sem_t *sem);
void __wrap_uv_sem_wait(uv_sem_t *sem);
uint64_t __real_async_env_now_ns(void);
uint64_t __wrap_async_env_now_ns(void);
uint64_t __real_async_env_read_clock_ns(void);
uint64_t __wrap_async_env_read_clock_ns(void);
int __real_uv_cond_timedwait(uv_cond_t *cond, uv_mutex_t *mutex,
                             uint64_t timeout_ns);
int __wrap_uv_cond_timedwait(uv_cond_t *cond, uv_mutex_t *mutex,
                             uint64_t timeout_ns);

int __wrap_sched_getcpu(void) {
  return atomic_load(&standing.core);
}

void __wrap_uv_sem_wait(uv_sem_t *sem) {
  if (!pthread_equal(pthread_self(), standing.loop_thread))
    uv_sem_post(&standing.waits);
  __real_uv_sem_wait(sem);
}

uint64_t __wrap_async_env_now_ns(void) {
  uint64_t now_ns = atomic_load(&standing.now_ns);
  return now_ns != 0 ? now_ns : __real_async_env_now_ns();
}

uint64_t __wrap_async_env_read_clock_ns(void) {
  uint64_t now_ns = atomic_load(&standing.now_ns);
  return now_ns != 0 ? now_ns : __real_async_env_read_clock_ns();
}

int __wrap_uv_cond_timedwait(uv_cond_t *cond, uv_mutex_t *mutex,
                             uint64_t timeout_ns) {
  uv_sem_post(&standing.told);
  if (!atomic_load(&standing.never_ends))
    return __real_uv_cond_timedwait(cond, mutex, timeout_ns);
  uv_cond_wait(cond, mutex);
  return 0;
}

static void run_one(fixture_t *f) {
  assert_int_equal(submit(f, 0), 0);
  while (f->jobs[0].dones == 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  f->jobs[0].dones = 0;
}

/* Works take no time from here on. */
static void make_brisk(fixture_t *f) {
  atomic_store(&standing.now_ns, __real_async_env_read_clock_ns());
  run_one(f);
}

/* More than there are workers that have yet to look for the first time. */
#define TRIES 100

/* One that has yet to look takes the job without a call, and then it is
 * submitted again. */
static void submit_until_one_stands_by(fixture_t *f) {
  int tries = 1;
  assert_int_equal(submit(f, 0), 0);
  while (uv_sem_trywait(&standing.told) != 0) {
    uv_run(&f->loop, UV_RUN_NOWAIT);
    if (f->jobs[0].dones == 0)
      continue;
    f->jobs[0].dones = 0;
    assert_true(tries++ < TRIES);
    assert_int_equal(submit(f, 0), 0);
  }
}

#define PAUSE_NS UINT64_C(1000000000)

/* One is held in its task, one stands by, and job 0 waits. Before that nothing
 * was to be done for a while. */
static fixture_t *stand_by(void **state, bool never_ends) {
  fixture_t *f = *state;
  uv_sem_init(&standing.told, 0);
  atomic_store(&standing.never_ends, never_ends);
  make_brisk(f);
  atomic_fetch_add(&standing.now_ns, PAUSE_NS);
  hold_worker(f);
  submit_until_one_stands_by(f);
  return f;
}

static void let_the_clock_go(void) {
  atomic_store(&standing.now_ns, 0);
}

static void who_stands_by_is_told_when_the_other_has_nothing_left(
    void **state) {
  fixture_t *f = stand_by(state, true);
  let_the_clock_go();
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].dones, 1);
  for (int i = 1; i < 4; i++)
    assert_int_equal(submit(f, i), 0);
  run_loop(f);
  for (int i = 1; i < 4; i++)
    assert_int_equal(f->jobs[i].dones, 1);
}

static void who_stands_by_leaves_a_smaller_pool(void **state) {
  fixture_t *f = stand_by(state, true);
  assert_int_equal(worker_pool_resize(f->pool, 1), 0);
  while (pool_info(f).threads > 1)
    sched_yield();
  let_the_clock_go();
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->jobs[0].dones, 1);
}

static void who_stands_by_leaves_a_closing_pool(void **state) {
  fixture_t *f = stand_by(state, true);
  assert_int_equal(close_pool(f, false), 0);
  let_the_clock_go();
  release_worker(f);
  run_loop(f);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->jobs[0].status, UV_ECANCELED);
}

/* The one at work is held all the while. */
static void who_stands_by_takes_what_waits_behind_a_long_task(void **state) {
  fixture_t *f = stand_by(state, false);
  assert_int_equal(f->jobs[0].dones, 0);
  let_the_clock_go();
  while (f->jobs[0].dones == 0)
    uv_run(&f->loop, UV_RUN_ONCE);
  assert_int_equal(pool_info(f).active, 1);
  release_worker(f);
  run_loop(f);
}

static void nobody_stands_by_beside_long_tasks(void **state) {
  fixture_t *f = *state;
  uv_sem_init(&standing.told, 0);
  let_the_clock_go();
  hold_worker(f);
  run_one(f);
  assert_int_not_equal(uv_sem_trywait(&standing.told), 0);
  assert_int_equal(pool_info(f).active, 1);
  release_worker(f);
  run_loop(f);
}

/* Whoever works from here on has been called. */
static void await_all_idle(void) {
  for (int i = 0; i < 4; i++)
    __real_uv_sem_wait(&standing.waits);
}

static void nobody_stands_by_beside_one_on_its_submitters_core(void **state) {
  fixture_t *f = *state;
  uv_sem_init(&standing.told, 0);
  await_all_idle();
  atomic_store(&standing.core, 0);
  make_brisk(f);
  hold_worker(f);
  run_one(f);
  assert_int_not_equal(uv_sem_trywait(&standing.told), 0);
  assert_int_equal(pool_info(f).active, 1);
  atomic_store(&standing.core, -1);
  let_the_clock_go();
  release_worker(f);
  run_loop(f);
}

static int setup(void **state) {
  standing.loop_thread = pthread_self();
  atomic_store(&standing.core, -1);
  return uv_sem_init(&standing.waits, 0) != 0 ? -1 : fixture_setup_four(state);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(
          who_stands_by_is_told_when_the_other_has_nothing_left, setup,
          fixture_teardown),
      cmocka_unit_test_setup_teardown(who_stands_by_leaves_a_smaller_pool,
                                      setup, fixture_teardown),
      cmocka_unit_test_setup_teardown(who_stands_by_leaves_a_closing_pool,
                                      setup, fixture_teardown),
      cmocka_unit_test_setup_teardown(
          who_stands_by_takes_what_waits_behind_a_long_task, setup,
          fixture_teardown),
      cmocka_unit_test_setup_teardown(nobody_stands_by_beside_long_tasks, setup,
                                      fixture_teardown),
      cmocka_unit_test_setup_teardown(
          nobody_stands_by_beside_one_on_its_submitters_core, setup,
          fixture_teardown),
  };
  return test_main(tests, argc, argv);
}
