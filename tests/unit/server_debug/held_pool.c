#include "held_pool.h"

#include "asyncscope/async_env.h"
#include "test_main.h"

static int hold(worker_task_t *task) {
  held_pool_t *held = task->data;
  uv_sem_post(&held->begun);
  uv_sem_wait(&held->go);
  return 0;
}

static int do_nothing(worker_task_t *task) {
  (void)task;
  return 0;
}

static void done(worker_task_t *task, int status) {
  (void)task;
  (void)status;
}

int held_pool_open(held_pool_t *held, const worker_pool_options_t *options) {
  int error = uv_loop_init(&held->loop);
  if (error == 0)
    error = async_env_attach(&held->loop);
  if (error == 0)
    error = uv_sem_init(&held->begun, 0);
  if (error == 0)
    error = uv_sem_init(&held->go, 0);
  return error != 0 ? error : worker_pool_create(options, &held->pool);
}

static void submit(held_pool_t *held, size_t at, worker_task_work_cb work,
                   const char *type) {
  const worker_task_options_t options = {.type = type};
  held->tasks[at].data = held;
  assert_int_equal(worker_pool_submit_with(held->pool, &held->tasks[at], work,
                                           done, &options),
                   0);
}

void held_pool_submit(held_pool_t *held, size_t at, const char *type) {
  submit(held, at, do_nothing, type);
}

void held_pool_hold(held_pool_t *held, size_t at) {
  submit(held, at, hold, NULL);
  uv_sem_wait(&held->begun);
}

void held_pool_let_go(held_pool_t *held) {
  uv_sem_post(&held->go);
}

void held_pool_close(held_pool_t *held, bool drain) {
  worker_pool_close(held->pool, drain, NULL, NULL);
  uv_run(&held->loop, UV_RUN_DEFAULT);
  uv_sem_destroy(&held->begun);
  uv_sem_destroy(&held->go);
}
