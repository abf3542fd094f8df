/* class WorkerPool extends EventEmitter.
 *
 * From Node's page on async context tracking, "Using AsyncResource for a Worker
 * thread pool", with Node's own means: threads, messages, an emitter. A task is
 * a WorkerPoolTaskInfo made by its caller; without it every callback would seem
 * to come from a worker. In your own programs use worker_pool.h. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_event_emitter.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_worker.h>
#include <stdio.h>
#include <uv.h>

#define THREADS     2
#define TASKS       10
#define FREED_EVENT "freed"

/* task_processor.js */
typedef struct task_s {
  async_message_t message; /* goes to the worker and back */
  int a, b, sum;
} task_t;

static void add(async_message_port_t *port, async_message_t *message) {
  task_t *task = (task_t *)message;
  task->sum = task->a + task->b;
  async_message_port_post_message(port, message);
}

static void task_processor(void *data) {
  (void)data;
  async_message_port_on_message(async_worker_parent_port(), add);
}

typedef struct task_info_s {
  async_resource_t resource;
  task_t task;
  void (*callback)(struct task_info_s *info, int result);
  struct task_info_s *next;
} task_info_t;

static int call_back(void *arg) {
  task_info_t *info = arg;
  info->callback(info, info->task.sum);
  return 0;
}

/* A task info is used only once. */
static void task_info_done(task_info_t *info) {
  async_resource_run_in_async_scope(&info->resource, call_back, info);
  async_resource_finish(&info->resource);
}

typedef struct pool_s {
  async_event_emitter_t emitter;
  async_worker_t *workers[THREADS];
  async_worker_t *free_workers[THREADS];
  task_info_t *running[THREADS]; /* by worker */
  int free_count;
  task_info_t *first, **last; /* waiting */
} pool_t;

static int index_of(const pool_t *pool, const async_worker_t *worker) {
  int i = 0;
  while (pool->workers[i] != worker)
    i++;
  return i;
}

/* In the worker's context: the task's own is entered for its callback. */
static void on_message(async_worker_t *worker, async_message_t *message) {
  pool_t *pool = async_worker_get_data(worker);
  task_info_t *info = pool->running[index_of(pool, worker)];
  async_message_release(message);
  pool->free_workers[pool->free_count++] = worker;
  task_info_done(info);
  async_event_emitter_emit(&pool->emitter, FREED_EVENT, pool);
}

static void dispatch(pool_t *pool) {
  task_info_t *info = pool->first;
  if (info == NULL || pool->free_count == 0)
    return;
  async_worker_t *worker = pool->free_workers[--pool->free_count];
  pool->first = info->next;
  if (pool->first == NULL)
    pool->last = &pool->first;
  pool->running[index_of(pool, worker)] = info;
  async_worker_post_message(worker, &info->task.message);
}

static void on_worker_freed(void *arg, void *data) {
  (void)data;
  dispatch(arg);
}

/* Memory of the task: the caller's until its callback has been called. */
static int pool_run_task(pool_t *pool, task_info_t *info, int a, int b,
                         void (*callback)(task_info_t *info, int result)) {
  info->callback = callback;
  info->task = (task_t){.a = a, .b = b};
  info->next = NULL;
  async_message_init(&info->task.message, NULL, 0, NULL);
  int error = async_resource_init(&info->resource, "WorkerPoolTaskInfo", NULL);
  if (error != 0)
    return error;
  *pool->last = info;
  pool->last = &info->next;
  dispatch(pool);
  return 0;
}

static int pool_init(pool_t *pool) {
  async_worker_options_t options = {.on = {.message = on_message},
                                    .data = pool};
  pool->last = &pool->first;
  int error = async_event_emitter_init(&pool->emitter);
  if (error == 0)
    error = async_event_emitter_on(&pool->emitter, FREED_EVENT, on_worker_freed,
                                   NULL);
  for (int i = 0; i < THREADS && error == 0; i++) {
    error = async_worker_create(task_processor, &options, &pool->workers[i]);
    if (error == 0)
      pool->free_workers[pool->free_count++] = pool->workers[i];
  }
  return error;
}

static void pool_close(pool_t *pool) {
  for (int i = 0; i < THREADS; i++)
    async_worker_terminate(pool->workers[i]);
}

static uv_loop_t loop;
static async_local_storage_t asker;
static pool_t pool;
static task_info_t infos[TASKS];
static int results[TASKS], finished;

static void on_result(task_info_t *info, int result) {
  const task_info_t *mine = async_local_storage_get_store(&asker);
  results[info - infos] = mine == info ? result : -1;
  if (++finished == TASKS)
    pool_close(&pool);
}

static int ask(void *info) {
  return pool_run_task(&pool, info, 42, 100, on_result);
}

int main(void) {
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_local_storage_init(&asker, NULL);
  int error = pool_init(&pool);
  for (int i = 0; i < TASKS && error == 0; i++)
    error = async_local_storage_run(&asker, &infos[i], ask, &infos[i]);
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  for (int i = 0; i < TASKS; i++)
    printf("%d null %d\n", i, results[i]);
  async_event_emitter_finish(&pool.emitter);
  async_local_storage_finish(&asker);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
