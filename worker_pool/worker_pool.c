/* What the user calls: create, submit, cancel, info, close.
 *
 * What must stay true:
 * - A submit that fails has fired no event and left nothing: the place in the
 *   queue and the port come first, init second, and nothing after it can fail.
 * - Each accepted task carries one reference to its submitter's frame, taken
 *   at submit and dropped on the submitter's loop.
 * - The pool ends in this order: queue closed, workers gone, ports of other
 *   loops closed, threads joined, the closing loop's port closed, memory back,
 *   on_closed. Every step is brought about by the one before. */
#include "worker_internal.h"

#include "asyncscope/async_allocator.h"
#include <stdio.h>

#define DEFAULT_THREADS   4
#define DEFAULT_QUEUE_MAX 1024
#define DEFAULT_NAME      "pool"
#define WORK_TYPE         "WORK"
#define CLOSE_TYPE        "WORKERPOOL"

static worker_pool_options_t resolve_options(
    const worker_pool_options_t *options) {
  worker_pool_options_t own = {0};
  if (options != NULL)
    own = *options;
  if (own.threads == 0)
    own.threads = DEFAULT_THREADS;
  if (own.queue_max == 0)
    own.queue_max = DEFAULT_QUEUE_MAX;
  if (own.name == NULL)
    own.name = DEFAULT_NAME;
  return own;
}

static int init_parts(worker_pool_t *pool, size_t queue_max) {
  int error = asyncscope__worker_port_create(pool, &pool->spare);
  if (error != 0)
    return error;
  error = uv_sem_init(&pool->started, 0);
  if (error == 0) {
    error = asyncscope__worker_queue_init(&pool->queue, queue_max);
    if (error == 0)
      return 0;
    uv_sem_destroy(&pool->started);
  }
  asyncscope__worker_port_destroy(pool->spare);
  return error;
}

static void destroy(worker_pool_t *pool) {
  asyncscope__worker_queue_finish(&pool->queue);
  uv_sem_destroy(&pool->started);
  asyncscope__worker_port_destroy(pool->spare);
  async_free(pool);
}

void asyncscope__worker_pool_join(worker_pool_t *pool) {
  for (size_t i = 0; i < pool->count; i++)
    uv_thread_join(&pool->workers[i].thread);
}

/* `count` is what was started, whatever is returned. */
static int start_threads(worker_pool_t *pool, size_t threads) {
  int error = 0;
  while (error == 0 && pool->count < threads) {
    error = asyncscope__worker_start(pool, pool->count);
    if (error == 0)
      pool->count++;
  }
  for (size_t i = 0; i < pool->count; i++)
    uv_sem_wait(&pool->started);
  for (size_t i = 0; error == 0 && i < pool->count; i++)
    error = pool->workers[i].status;
  return error;
}

int worker_pool_create(const worker_pool_options_t *options,
                       worker_pool_t **ret_pool) {
  worker_pool_options_t own = resolve_options(options);
  if (ret_pool == NULL || own.threads > WORKER_POOL_THREADS_MAX)
    return UV_EINVAL;
  worker_pool_t *pool = async_calloc(
      1, sizeof(*pool) + own.threads * sizeof(asyncscope__worker_t));
  if (pool == NULL)
    return UV_ENOMEM;
  snprintf(pool->name, sizeof(pool->name), "%s", own.name);
  int error = init_parts(pool, own.queue_max);
  if (error != 0) {
    async_free(pool);
    return error;
  }
  error = start_threads(pool, own.threads);
  if (error != 0) {
    asyncscope__worker_queue_close(&pool->queue, true);
    asyncscope__worker_pool_join(pool);
    destroy(pool);
    return error;
  }
  *ret_pool = pool;
  return 0;
}

static int find_or_open_port(worker_pool_t *pool, worker_port_t **ret_port) {
  *ret_port = asyncscope__worker_port_find(pool);
  if (*ret_port != NULL)
    return (*ret_port)->detaching ? UV_ECANCELED : 0;
  int error = asyncscope__worker_port_create(pool, ret_port);
  if (error != 0)
    return error;
  error = asyncscope__worker_port_open(*ret_port);
  if (error != 0)
    asyncscope__worker_port_destroy(*ret_port);
  return error;
}

/* What a worker will read; nothing here can fail. */
static void fill_task(worker_task_t *task, worker_port_t *port,
                      const async_site_t *site, worker_task_work_cb work,
                      worker_task_done_cb done) {
  task->port = port;
  task->site = site;
  task->work = work;
  task->done = done;
  task->ref.thread = async_env_thread();
  task->ref.async_id = async_resource_async_id(&task->resource);
  task->submitted_ns = uv_hrtime();
}

/* Holds a place in the queue. The frame is taken before init: a hook may
 * enter another. */
static int submit_reserved(worker_pool_t *pool, worker_task_t *task,
                           const async_site_t *site, worker_task_work_cb work,
                           worker_task_done_cb done) {
  worker_port_t *port;
  int error = find_or_open_port(pool, &port);
  if (error != 0)
    return error;
  async_context_frame_t *frame =
      async_context_frame_retain(async_context_frame_current());
  error = async_resource_init_at(site, &task->resource, WORK_TYPE, NULL);
  if (error != 0) {
    async_context_frame_release(frame);
    return error;
  }
  task->frame = frame;
  fill_task(task, port, site, work, done);
  asyncscope__worker_port_expect(port);
  asyncscope__worker_queue_push(&pool->queue, task);
  return 0;
}

int worker_pool_submit_at(const async_site_t *site, worker_pool_t *pool,
                          worker_task_t *task, worker_task_work_cb work,
                          worker_task_done_cb done) {
  if (pool == NULL || task == NULL || work == NULL || async_env_loop() == NULL)
    return UV_EINVAL;
  int error = asyncscope__worker_queue_reserve(&pool->queue);
  if (error != 0)
    return error;
  error = submit_reserved(pool, task, site, work, done);
  if (error != 0)
    asyncscope__worker_queue_unreserve(&pool->queue);
  return error;
}

int worker_pool_cancel(worker_pool_t *pool, worker_task_t *task) {
  if (pool == NULL || task == NULL || task->ref.thread != async_env_thread())
    return UV_EINVAL;
  return asyncscope__worker_queue_cancel(&pool->queue, task) ? 0 : UV_EBUSY;
}

void worker_pool_info(const worker_pool_t *pool, worker_pool_info_t *ret_info) {
  asyncscope__worker_queue_t *queue =
      (asyncscope__worker_queue_t *)&pool->queue;
  uv_mutex_lock(&queue->lock);
  *ret_info = queue->info;
  ret_info->queued = queue->length;
  uv_mutex_unlock(&queue->lock);
}

/* The first to close gets the spare port; NULL for everybody after it. */
static worker_port_t *claim_close(worker_pool_t *pool) {
  uv_mutex_lock(&pool->queue.lock);
  worker_port_t *spare = pool->spare;
  pool->spare = NULL;
  uv_mutex_unlock(&pool->queue.lock);
  return spare;
}

static void set_closer(worker_pool_t *pool, worker_port_t *port,
                       worker_port_t *spare) {
  uv_mutex_lock(&pool->queue.lock);
  pool->spare = spare;
  pool->closer = port;
  uv_mutex_unlock(&pool->queue.lock);
}

/* The loop's own port where it has one, else the spare. */
static int choose_closer(worker_pool_t *pool, worker_port_t *spare) {
  worker_port_t *port = asyncscope__worker_port_find(pool);
  if (port != NULL) {
    asyncscope__worker_port_destroy(spare);
    set_closer(pool, port, NULL);
    return 0;
  }
  int error = asyncscope__worker_port_open(spare);
  if (error != 0)
    set_closer(pool, NULL, spare);
  else
    set_closer(pool, spare, NULL);
  return error;
}

int worker_pool_close(worker_pool_t *pool, bool drain,
                      worker_pool_closed_cb on_closed, void *arg) {
  if (pool == NULL || async_env_loop() == NULL)
    return UV_EINVAL;
  worker_port_t *spare = claim_close(pool);
  if (spare == NULL)
    return UV_EALREADY;
  int error = choose_closer(pool, spare);
  if (error != 0)
    return error;
  pool->on_closed = on_closed;
  pool->on_closed_arg = arg;
  async_resource_init(&pool->resource, CLOSE_TYPE, NULL);
  asyncscope__worker_port_expect_close(pool->closer);
  asyncscope__worker_queue_close(&pool->queue, !drain);
  if (!drain)
    asyncscope__worker_queue_cancel_all(&pool->queue, NULL);
  return 0;
}

void asyncscope__worker_pool_ended(worker_pool_t *pool) {
  async_resource_t resource = pool->resource;
  worker_pool_closed_cb on_closed = pool->on_closed;
  void *arg = pool->on_closed_arg;
  destroy(pool);
  bool entered = async_callback_scope_open(&resource) == 0;
  if (on_closed != NULL)
    on_closed(arg);
  if (entered)
    async_callback_scope_close(&resource);
  async_resource_finish(&resource);
}
