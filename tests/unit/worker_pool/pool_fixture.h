#ifndef POOL_FIXTURE_H
#define POOL_FIXTURE_H

/* A loop, a pool, a storage, and jobs that write down what they saw. Workers
 * are held on a semaphore, so that order is decided and never waited for. */

#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/worker_pool.h"
#include "test_main.h"

#include <stdbool.h>

#define FIXTURE_JOBS 16

typedef struct fixture_s fixture_t;

typedef struct job_s {
  worker_task_t task;
  fixture_t *fixture;
  int number;
  worker_task_work_cb failing; /* of the tests of errors */
  /* Written on the worker. */
  int works;
  void *work_store;
  uint32_t work_thread;
  async_id_t work_async_id, work_trigger_async_id;
  async_ref_t work_origin;
  /* Written on the loop. */
  int dones, status;
  void *done_store;
  uint32_t done_thread;
  async_id_t done_async_id, done_trigger_async_id;
} job_t;

struct fixture_s {
  uv_loop_t loop;
  async_local_storage_t als;
  worker_pool_t *pool; /* NULL once it is closed */
  uv_sem_t held, hold;
  job_t holder;
  job_t jobs[FIXTURE_JOBS];
  int began[FIXTURE_JOBS]; /* numbers of jobs; of one worker only */
  int began_count;
  int closed;
  int dones_at_close;
  void *closed_store;
};

/* cmocka fixtures: a pool of one worker and a queue of 8. At the end the pool
 * is closed, every store released, every frame gone, and the loop closes. */
int fixture_setup(void **state);
int fixture_setup_four(void **state);
/* Four workers and a queue of 256. */
int fixture_setup_load(void **state);
int fixture_teardown(void **state);

/* Named so that the build finds the function in them. */
#define cmocka_unit_test_pool(test) \
  cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
#define cmocka_unit_test_pool_of_four(test) \
  cmocka_unit_test_setup_teardown(test, fixture_setup_four, fixture_teardown)
#define cmocka_unit_test_pool_for_load(test) \
  cmocka_unit_test_setup_teardown(test, fixture_setup_load, fixture_teardown)

/* Work that writes down what it saw and returns 0, and its done. */
int job_work(worker_task_t *task);
void job_done(worker_task_t *task, int status);

/* Submits jobs[index] with job_work and job_done, in a run with `store` where
 * that is not NULL. */
int submit(fixture_t *fixture, int index);
int submit_with(fixture_t *fixture, int index, const char *store);
int submit_work(fixture_t *fixture, int index, worker_task_work_cb work);

/* Work that posts `held` and waits for release_worker(). */
int hold_work(worker_task_t *task);
/* Returns when a worker is inside such a task. */
void hold_worker(fixture_t *fixture);
void release_worker(fixture_t *fixture);

void run_loop(fixture_t *fixture);

/* Closes with on_closed, which counts in fixture->closed. */
int close_pool(fixture_t *fixture, bool drain);

worker_pool_info_t pool_info(const fixture_t *fixture);

/* Of the calling thread. */
async_env_info_t own_env_info(void);

/* Runs `fn` on a thread of its own and waits for its end. */
void run_on_thread(void (*fn)(void *arg), void *arg);
/* The same with an environment and a loop on that thread, which are detached
 * and closed afterwards; false when that failed. */
bool run_on_loop_thread(void (*fn)(uv_loop_t *loop, void *arg), void *arg);

#endif
