/* A worker that was called on the core of its caller, where the two take turns.
 * Which core a thread is on is what the test says, and one that gives way stays
 * away until the test lets it come back. */
#include "pool_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

/* More often than any worker gives way between two sleeps. */
#define OFTEN 1000

static struct way_s {
  pthread_t loop_thread;
  int worker_core; /* the loop's is 0 */
  atomic_int ways, sleeps, calls;
  uv_sem_t paused, back; /* it gave way or sleeps; it may come from its way */
} way;

int __wrap_sched_getcpu(void);
int __wrap_sched_yield(void);
void __real_uv_sem_post(uv_sem_t *sem);
void __wrap_uv_sem_post(uv_sem_t *sem);
void __real_uv_sem_wait(uv_sem_t *sem);
void __wrap_uv_sem_wait(uv_sem_t *sem);

int __wrap_sched_getcpu(void) {
  return pthread_self() == way.loop_thread ? 0 : way.worker_core;
}

int __wrap_sched_yield(void) {
  atomic_fetch_add(&way.ways, 1);
  __real_uv_sem_post(&way.paused);
  __real_uv_sem_wait(&way.back);
  return 0;
}

void __wrap_uv_sem_post(uv_sem_t *sem) {
  atomic_fetch_add(&way.calls, 1);
  __real_uv_sem_post(sem);
}

void __wrap_uv_sem_wait(uv_sem_t *sem) {
  if (pthread_self() != way.loop_thread) {
    atomic_fetch_add(&way.sleeps, 1);
    __real_uv_sem_post(&way.paused);
  }
  __real_uv_sem_wait(sem);
}

/* The pool's only worker, on `worker_core`, is asleep. */
static int setup(void **state, int worker_core) {
  way.loop_thread = pthread_self();
  way.worker_core = worker_core;
  if (uv_sem_init(&way.paused, 0) != 0 || uv_sem_init(&way.back, 0) != 0 ||
      fixture_setup(state) != 0)
    return -1;
  __real_uv_sem_wait(&way.paused);
  atomic_store(&way.ways, 0);
  atomic_store(&way.sleeps, 0);
  atomic_store(&way.calls, 0);
  return 0;
}

static int setup_on_one_core(void **state) {
  return setup(state, 0);
}

static int setup_on_two_cores(void **state) {
  return setup(state, 1);
}

static void await_pause(void) {
  __real_uv_sem_wait(&way.paused);
}

/* The loop does not come for the first before the second is done. */
static void run_two_at_once(fixture_t *f) {
  assert_int_equal(submit(f, 0), 0);
  await_pause();
  assert_int_equal(submit(f, 1), 0);
  await_pause();
}

static void who_gave_way_comes_back_without_a_call(void **state) {
  fixture_t *f = *state;
  run_two_at_once(f);
  assert_int_equal(atomic_load(&way.ways), 1);
  int calls = atomic_load(&way.calls);
  for (int i = 2; i < 5; i++)
    assert_int_equal(submit(f, i), 0);
  way.worker_core = 1; /* once is enough */
  __real_uv_sem_post(&way.back);
  await_pause();
  run_loop(f);
  for (int i = 0; i < 5; i++)
    assert_int_equal(f->jobs[i].dones, 1);
  assert_int_equal(atomic_load(&way.calls), calls);
}

/* It finds tasks each time. */
static void who_gives_way_often_sleeps_in_between(void **state) {
  fixture_t *f = *state;
  run_two_at_once(f);
  int sleeps = atomic_load(&way.sleeps);
  for (int i = 0; i < OFTEN && atomic_load(&way.sleeps) == sleeps; i++) {
    run_loop(f);
    assert_int_equal(submit(f, 0), 0);
    assert_int_equal(submit(f, 1), 0);
    __real_uv_sem_post(&way.back);
    await_pause();
  }
  assert_int_equal(atomic_load(&way.sleeps), sleeps + 1);
  run_loop(f);
}

static void who_is_waited_for_does_not_give_way(void **state) {
  fixture_t *f = *state;
  for (int i = 0; i < 5; i++) {
    assert_int_equal(submit(f, i), 0);
    await_pause();
    run_loop(f);
  }
  assert_int_equal(atomic_load(&way.ways), 0);
  assert_int_equal(atomic_load(&way.calls), 5);
}

static void on_a_core_of_its_own_a_worker_does_not_give_way(void **state) {
  fixture_t *f = *state;
  run_two_at_once(f);
  assert_int_equal(atomic_load(&way.ways), 0);
  assert_int_equal(atomic_load(&way.calls), 2);
  run_loop(f);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(who_gave_way_comes_back_without_a_call,
                                      setup_on_one_core, fixture_teardown),
      cmocka_unit_test_setup_teardown(who_gives_way_often_sleeps_in_between,
                                      setup_on_one_core, fixture_teardown),
      cmocka_unit_test_setup_teardown(who_is_waited_for_does_not_give_way,
                                      setup_on_one_core, fixture_teardown),
      cmocka_unit_test_setup_teardown(
          on_a_core_of_its_own_a_worker_does_not_give_way, setup_on_two_cores,
          fixture_teardown),
  };
  return test_main(tests, argc, argv);
}
