/* How many workers are called for tasks that wait. Who was called does not come
 * before the test lets it. The clock stands, so that works take no time; before
 * the first it is not known how long they take. */
#include "pool_fixture.h"

#include <pthread.h>

#define WORKERS 4
#define TASKS   3

static struct calls_s {
  pthread_t loop_thread;
  uv_sem_t asleep; /* a worker is about to be */
  uv_mutex_t gate; /* locked: nobody comes */
  int posts;       /* of the loop's thread */
} calls;

void __real_uv_sem_post(uv_sem_t *sem);
void __wrap_uv_sem_post(uv_sem_t *sem);
void __real_uv_sem_wait(uv_sem_t *sem);
void __wrap_uv_sem_wait(uv_sem_t *sem);
uint64_t __wrap_async_env_now_ns(void);
uint64_t __wrap_async_env_read_clock_ns(void);

uint64_t __wrap_async_env_now_ns(void) {
  return 1;
}

uint64_t __wrap_async_env_read_clock_ns(void) {
  return 1;
}

void __wrap_uv_sem_post(uv_sem_t *sem) {
  if (pthread_equal(pthread_self(), calls.loop_thread))
    calls.posts++;
  __real_uv_sem_post(sem);
}

void __wrap_uv_sem_wait(uv_sem_t *sem) {
  if (pthread_equal(pthread_self(), calls.loop_thread)) {
    __real_uv_sem_wait(sem);
    return;
  }
  __real_uv_sem_post(&calls.asleep);
  __real_uv_sem_wait(sem);
  uv_mutex_lock(&calls.gate);
  uv_mutex_unlock(&calls.gate);
}

static void await_asleep(int workers) {
  for (int i = 0; i < workers; i++)
    uv_sem_wait(&calls.asleep);
}

/* All workers sleep, and the loop's thread calls so many for the tasks. */
static int calls_for_tasks(fixture_t *f) {
  uv_mutex_lock(&calls.gate);
  calls.posts = 0;
  for (int i = 0; i < TASKS; i++)
    assert_int_equal(submit(f, i), 0);
  int posts = calls.posts;
  uv_mutex_unlock(&calls.gate);
  run_loop(f);
  return posts;
}

static void as_many_are_called_as_tasks_wait(void **state) {
  await_asleep(WORKERS);
  assert_int_equal(calls_for_tasks(*state), TASKS);
}

static void for_short_tasks_one_is_called(void **state) {
  fixture_t *f = *state;
  await_asleep(WORKERS);
  assert_int_equal(submit(f, 0), 0);
  run_loop(f);
  await_asleep(1);
  assert_int_equal(calls_for_tasks(f), 1);
}

static int setup(void **state) {
  calls.loop_thread = pthread_self();
  int error = uv_sem_init(&calls.asleep, 0);
  if (error == 0)
    error = uv_mutex_init(&calls.gate);
  return error != 0 ? -1 : fixture_setup_four(state);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(as_many_are_called_as_tasks_wait, setup,
                                      fixture_teardown),
      cmocka_unit_test_setup_teardown(for_short_tasks_one_is_called, setup,
                                      fixture_teardown),
  };
  return test_main(tests, argc, argv);
}
