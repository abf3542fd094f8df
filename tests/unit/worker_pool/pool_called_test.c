/* Workers that are called for a task: which one, and what if it is cancelled
 * before it has come.
 *
 * Whether a cancellation strikes while a worker sleeps, as it wakes or when it
 * is back asleep is the machine's choice; nothing may be lost in any case. All
 * threads on one core make the middle one likely. */
#include "pool_fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define WORKERS 3
#define ROUNDS  20

typedef struct called_s {
  uv_sem_t told;
  atomic_int held, freed, met;
  pthread_t threads[WORKERS];
  pid_t numbers[FIXTURE_JOBS]; /* of the kernel */
} called_t;

static called_t called;

/* No cancellation point: it strikes when the worker waits. */
static void wait_for(atomic_int *count, int wanted) {
  while (atomic_load(count) < wanted)
    sched_yield();
}

/* The batch policy has it that who is woken does not run before its waker
 * sleeps. */
static int note_thread(worker_task_t *task) {
  static const struct sched_param param = {.sched_priority = 0};
  sched_setscheduler(0, SCHED_BATCH, &param);
  called.threads[((job_t *)task)->number] = pthread_self();
  called.numbers[((job_t *)task)->number] = gettid();
  atomic_fetch_add(&called.held, 1);
  wait_for(&called.freed, 1);
  return 0;
}

static int meet(worker_task_t *task) {
  (void)task;
  atomic_fetch_add(&called.met, 1);
  wait_for(&called.met, WORKERS);
  return 0;
}

static void on_error(worker_pool_t *pool, int status, const char *message,
                     void *arg) {
  (void)pool, (void)status, (void)message, (void)arg;
  uv_sem_post(&called.told);
}

static int open_pool(fixture_t *f) {
  worker_pool_options_t options = {.threads = WORKERS, .on_error = on_error};
  cpu_set_t one;
  int error = close_pool(f, true);
  CPU_ZERO(&one);
  CPU_SET((size_t)sched_getcpu(), &one);
  sched_setaffinity(0, sizeof(one), &one);
  if (error == 0)
    error = uv_sem_init(&called.told, 0);
  return error != 0 ? error : worker_pool_create(&options, &f->pool);
}

static bool sleeps(pid_t number) {
  char path[64], state = 'R';
  snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)number);
  FILE *stat = fopen(path, "r");
  if (stat == NULL)
    return false;
  if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
    state = 'R';
  fclose(stat);
  return state == 'S';
}

static void wait_until_asleep(int job) {
  while (!sleeps(called.numbers[job]))
    sched_yield();
}

static void let_all_wait(fixture_t *f) {
  atomic_store(&called.held, 0);
  atomic_store(&called.freed, 0);
  for (int i = 0; i < WORKERS; i++)
    assert_int_equal(submit_work(f, i, note_thread), 0);
  wait_for(&called.held, WORKERS);
  atomic_store(&called.freed, 1);
  run_loop(f);
  for (int i = 0; i < WORKERS; i++)
    wait_until_asleep(i);
}

static int note_number(worker_task_t *task) {
  called.numbers[((job_t *)task)->number] = gettid();
  return 0;
}

static void who_worked_last_is_called_first(void **state) {
  fixture_t *f = *state;
  assert_int_equal(open_pool(f), 0);
  let_all_wait(f);
  for (int i = 0; i <= WORKERS; i++) {
    assert_int_equal(submit_work(f, i, note_number), 0);
    run_loop(f);
    wait_until_asleep(i);
    assert_int_equal(called.numbers[i], called.numbers[0]);
  }
}

static void submit_meeting(fixture_t *f) {
  atomic_store(&called.met, 0);
  for (int i = 0; i < WORKERS; i++)
    assert_int_equal(submit_work(f, i, meet), 0);
}

/* ThreadSanitizer loses a thread that is cancelled in sem_wait(). */
static void a_call_to_a_cancelled_worker_goes_to_another(void **state) {
#ifdef __SANITIZE_THREAD__
  test_leave_out("ThreadSanitizer loses a cancelled thread");
#endif
  fixture_t *f = *state;
  assert_int_equal(open_pool(f), 0);
  for (int round = 0; round < ROUNDS; round++) {
    let_all_wait(f);
    submit_meeting(f);
    pthread_cancel(called.threads[round % WORKERS]);
    run_loop(f);
    uv_sem_wait(&called.told);
  }
  assert_int_equal(pool_info(f).completed, ROUNDS * 2 * WORKERS);
  assert_int_equal(pool_info(f).aborted, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool(who_worked_last_is_called_first),
      cmocka_unit_test_pool(a_call_to_a_cancelled_worker_goes_to_another),
  };
  return test_main(tests, argc, argv);
}
