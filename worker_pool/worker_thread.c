/* The life of a worker: its own environment, then task after task, then the
 * end of the queue.
 *
 * What must stay true:
 * - Between take and post the worker alone touches the task, and afterwards
 *   never: posting it makes its memory the submitter's.
 * - Everything the work left behind on this thread (ticks, destroy events) is
 *   delivered before the task is posted: it may still use the task.
 * - A worker that found no memory for a resource has not run the work; the
 *   task still goes home, with the error as its status.
 * - The last worker to leave tells the ports, after its environment has ended
 *   and nothing can be posted any more. */
#include "worker_internal.h"

#include <stdio.h>

#define WORK_TYPE "WORK"

static int call_work(void *arg) {
  worker_task_t *task = arg;
  return task->work(task);
}

/* The work in the submitter's frame, under an id of this thread. */
static int work(worker_task_t *task) {
  async_resource_t resource = {0};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = task->frame,
                                      .origin = &task->ref};
  int status =
      async_resource_init_at(task->site, &resource, WORK_TYPE, &options);
  if (status != 0)
    return status;
  status = async_resource_run_in_async_scope(&resource, call_work, task);
  async_resource_finish(&resource);
  return status;
}

static void serve(worker_pool_t *pool, worker_task_t *task) {
  int status = task->status;
  if (status == 0) {
    uint64_t started_ns = uv_hrtime();
    uint64_t waited_ns = started_ns - task->submitted_ns;
    status = work(task);
    async_env_flush();
    asyncscope__worker_queue_worked(&pool->queue, waited_ns,
                                    uv_hrtime() - started_ns);
  }
  asyncscope__worker_port_post(task, status);
}

/* A long name is cut, the number never. */
static int open_env(const asyncscope__worker_t *worker) {
  char number[ASYNC_ENV_NAME_BYTES], name[2 * ASYNC_ENV_NAME_BYTES];
  int number_bytes = snprintf(number, sizeof(number), "-%zu", worker->index);
  snprintf(name, sizeof(name), "%.*s%s",
           ASYNC_ENV_NAME_BYTES - 1 - number_bytes, worker->pool->name, number);
  return async_env_open(ASYNC_ENV_WORKER, name);
}

static void enter(worker_pool_t *pool) {
  uv_mutex_lock(&pool->queue.lock);
  pool->queue.info.threads++;
  uv_mutex_unlock(&pool->queue.lock);
}

static void leave(worker_pool_t *pool) {
  uv_mutex_lock(&pool->queue.lock);
  pool->queue.info.threads--;
  asyncscope__worker_ports_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
}

static void worker_main(void *arg) {
  asyncscope__worker_t *worker = arg;
  worker_pool_t *pool = worker->pool;
  worker->status = open_env(worker);
  enter(pool);
  uv_sem_post(&pool->started);
  worker_task_t *task;
  while ((task = asyncscope__worker_queue_take(&pool->queue)) != NULL)
    serve(pool, task);
  async_env_detach();
  leave(pool);
}

int asyncscope__worker_start(worker_pool_t *pool, size_t index) {
  asyncscope__worker_t *worker = &pool->workers[index];
  worker->pool = pool;
  worker->index = index;
  return uv_thread_create(&worker->thread, worker_main, worker);
}
