#include "pool_fixture.h"

#include <stdlib.h>

static int setup(void **state, size_t threads, size_t queue_max) {
  fixture_t *fixture = calloc(1, sizeof(*fixture));
  worker_pool_options_t options = {.threads = threads, .queue_max = queue_max};
  if (fixture == NULL || uv_loop_init(&fixture->loop) != 0 ||
      uv_sem_init(&fixture->held, 0) != 0 ||
      uv_sem_init(&fixture->hold, 0) != 0 ||
      async_env_attach(&fixture->loop) != 0 ||
      async_local_storage_init(&fixture->als, NULL) != 0 ||
      worker_pool_create(&options, &fixture->pool) != 0)
    return -1;
  for (int i = 0; i < FIXTURE_JOBS; i++)
    fixture->jobs[i] = (job_t){.fixture = fixture, .number = i};
  fixture->holder.fixture = fixture;
  *state = fixture;
  return 0;
}

int fixture_setup(void **state) {
  return setup(state, 1, 8);
}

int fixture_setup_four(void **state) {
  return setup(state, 4, 8);
}

int fixture_setup_load(void **state) {
  return setup(state, 4, 256);
}

static bool all_given_back(void) {
  async_env_info_t info = own_env_info();
  return info.stores_created == info.stores_released &&
         info.frames_created == info.frames_released;
}

int fixture_teardown(void **state) {
  fixture_t *fixture = *state;
  int status = 0;
  for (int i = 0; i < FIXTURE_JOBS; i++)
    uv_sem_post(&fixture->hold);
  if (fixture->pool != NULL && close_pool(fixture, false) != 0)
    status = -1;
  run_loop(fixture);
  async_context_frame_release(async_context_frame_exchange(NULL));
  async_env_flush();
  if (!all_given_back())
    status = -1;
  async_local_storage_finish(&fixture->als);
  if (async_env_thread() != ASYNC_THREAD_NONE && async_env_detach() != 0)
    status = -1;
  if (uv_loop_close(&fixture->loop) != 0)
    status = -1;
  uv_sem_destroy(&fixture->held);
  uv_sem_destroy(&fixture->hold);
  free(fixture);
  return status;
}

int job_work(worker_task_t *task) {
  job_t *job = (job_t *)task;
  fixture_t *fixture = job->fixture;
  job->works++;
  job->work_store = async_local_storage_get_store(&fixture->als);
  job->work_thread = async_env_thread();
  job->work_async_id = async_hooks_execution_async_id();
  job->work_trigger_async_id = async_hooks_trigger_async_id();
  job->work_origin =
      async_resource_origin(async_hooks_execution_async_resource());
  return 0;
}

void job_done(worker_task_t *task, int status) {
  job_t *job = (job_t *)task;
  job->dones++;
  job->status = status;
  job->done_store = async_local_storage_get_store(&job->fixture->als);
  job->done_thread = async_env_thread();
  job->done_async_id = async_hooks_execution_async_id();
  job->done_trigger_async_id = async_hooks_trigger_async_id();
}

int submit_work(fixture_t *fixture, int index, worker_task_work_cb work) {
  return worker_pool_submit(fixture->pool, &fixture->jobs[index].task, work,
                            job_done);
}

int submit(fixture_t *fixture, int index) {
  return submit_work(fixture, index, job_work);
}

static int submit_job(void *arg) {
  job_t *job = arg;
  return submit(job->fixture, job->number);
}

int submit_with(fixture_t *fixture, int index, const char *store) {
  return async_local_storage_run(&fixture->als, (void *)store, submit_job,
                                 &fixture->jobs[index]);
}

int hold_work(worker_task_t *task) {
  job_t *job = (job_t *)task;
  fixture_t *fixture = job->fixture;
  job->work_thread = async_env_thread();
  uv_sem_post(&fixture->held);
  uv_sem_wait(&fixture->hold);
  return 0;
}

void hold_worker(fixture_t *fixture) {
  if (worker_pool_submit(fixture->pool, &fixture->holder.task, hold_work,
                         job_done) == 0)
    uv_sem_wait(&fixture->held);
}

void release_worker(fixture_t *fixture) {
  uv_sem_post(&fixture->hold);
}

void run_loop(fixture_t *fixture) {
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

static void on_closed(void *arg) {
  fixture_t *fixture = arg;
  fixture->closed++;
  fixture->closed_store = async_local_storage_get_store(&fixture->als);
  for (int i = 0; i < FIXTURE_JOBS; i++)
    fixture->dones_at_close += fixture->jobs[i].dones;
}

int close_pool(fixture_t *fixture, bool drain) {
  int status = worker_pool_close(fixture->pool, drain, on_closed, fixture);
  if (status == 0)
    fixture->pool = NULL;
  return status;
}

worker_pool_info_t pool_info(const fixture_t *fixture) {
  worker_pool_info_t info;
  worker_pool_info(fixture->pool, &info);
  return info;
}

async_env_info_t own_env_info(void) {
  async_env_info_t info = {.thread = ASYNC_THREAD_NONE};
  async_env_t *env = async_inspect_next(NULL);
  while (env != NULL && info.thread != async_env_thread()) {
    async_inspect_env(env, &info);
    if (info.thread != async_env_thread())
      env = async_inspect_next(env);
  }
  async_inspect_release(env);
  return info;
}

void run_on_thread(void (*fn)(void *arg), void *arg) {
  uv_thread_t thread;
  if (uv_thread_create(&thread, fn, arg) == 0)
    uv_thread_join(&thread);
}

typedef struct on_loop_s {
  void (*fn)(uv_loop_t *loop, void *arg);
  void *arg;
  bool clean;
} on_loop_t;

static void on_loop(void *arg) {
  on_loop_t *call = arg;
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0 || async_env_attach(&loop) != 0)
    return;
  call->fn(&loop, call->arg);
  call->clean = async_env_detach() == 0;
  call->clean = uv_loop_close(&loop) == 0 && call->clean;
}

bool run_on_loop_thread(void (*fn)(uv_loop_t *loop, void *arg), void *arg) {
  on_loop_t call = {.fn = fn, .arg = arg};
  run_on_thread(on_loop, &call);
  return call.clean;
}
