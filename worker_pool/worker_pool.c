/* What the user calls: create, submit, cancel, info.
 *
 * What must stay true:
 * - A submit that fails has fired no event and left nothing: the place in the
 *   queue and the port come first, init second, and nothing after it can fail.
 * - Each accepted task holds its submitter's frame, by its port, from submit
 *   on and until it is delivered on the submitter's loop. */
#include "worker_internal.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_request.h"
#include <pthread.h>
#include <stdio.h>

#define DEFAULT_THREADS   4
#define DEFAULT_QUEUE_MAX 1024
#define DEFAULT_NAME      "pool"
#define WORK_TYPE         "WORK"
/* So that a deadline in nanoseconds fits. */
#define TIMEOUT_MAX_MS (UINT64_MAX / 2000000)

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
  error = asyncscope__worker_queue_init(&pool->queue, queue_max);
  if (error != 0)
    asyncscope__worker_port_destroy(pool->spare);
  return error;
}

static int create(const worker_pool_options_t *options,
                  worker_pool_t **ret_pool) {
  worker_pool_t *pool = async_calloc(1, sizeof(*pool));
  if (pool == NULL)
    return UV_ENOMEM;
  int error = init_parts(pool, options->queue_max);
  if (error != 0) {
    async_free(pool);
    return error;
  }
  snprintf(pool->name, sizeof(pool->name), "%s", options->name);
  pool->recorder_bytes = options->recorder_bytes;
  pool->on_error = options->on_error;
  pool->on_error_arg = options->on_error_arg;
  pool->queue.target = options->threads;
  *ret_pool = pool;
  return 0;
}

/* No task was ever submitted, and nobody else knows the pool: a cancellation
 * while it waits would lose it. */
static void undo_create(worker_pool_t *pool) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  asyncscope__worker_queue_close(pool, true);
  uv_mutex_lock(&queue->back);
  while (queue->present > 0)
    uv_cond_wait(&queue->gone, &queue->back);
  uv_mutex_unlock(&queue->back);
  asyncscope__worker_pool_join(pool);
  asyncscope__worker_pool_destroy(pool);
  pthread_setcancelstate(before, NULL);
}

int worker_pool_create(const worker_pool_options_t *options,
                       worker_pool_t **ret_pool) {
  worker_pool_options_t own = resolve_options(options);
  worker_pool_t *pool = NULL;
  if (ret_pool == NULL || own.threads > WORKER_POOL_THREADS_MAX)
    return async_error_set(
        UV_EINVAL,
        ret_pool == NULL
            ? "ret_pool is NULL"
            : "a pool has no more threads than WORKER_POOL_THREADS_MAX");
  int error = create(&own, &pool);
  if (error != 0)
    return async_error_set(error, "no memory for a pool");
  error = asyncscope__worker_pool_fill(pool);
  if (error != 0)
    undo_create(pool);
  else
    *ret_pool = pool;
  return error;
}

/* With `times`, which stay the caller's on error. */
static int create_port(worker_pool_t *pool, asyncscope__worker_times_t *times,
                       worker_port_t **ret_port) {
  int error = asyncscope__worker_port_create(pool, ret_port);
  if (error != 0)
    return error;
  (*ret_port)->times = times;
  error = asyncscope__worker_port_open(*ret_port);
  if (error != 0)
    asyncscope__worker_port_destroy(*ret_port);
  return error;
}

/* The loop's first submit. */
static int open_port(worker_pool_t *pool, worker_port_t **ret_port) {
  asyncscope__worker_times_t *times = asyncscope__worker_times_take(pool);
  int error = times == NULL ? UV_ENOMEM : create_port(pool, times, ret_port);
  if (error == 0)
    return 0;
  if (times != NULL)
    asyncscope__worker_times_give(pool, times);
  return async_error_set(error, "no way from the pool to this loop: %s",
                         uv_strerror(error));
}

/* The port remembers for those that name no type, which are most. */
static void set_type(worker_pool_t *pool, worker_task_t *task, bool named) {
  worker_port_t *port = task->port;
  if (named || port->type == NULL) {
    task->type = async_resource_type(&task->resource);
    task->row = asyncscope__worker_times_row(pool, task->type);
  } else {
    task->type = port->type;
    task->row = port->row;
  }
  if (!named) {
    port->type = task->type;
    port->row = task->row;
  }
}

/* What a worker will read; nothing here can fail. */
static void fill_task(worker_task_t *task, const worker_task_options_t *options,
                      worker_pool_t *pool) {
  set_type(pool, task, options->type != NULL);
  task->since_ns = async_env_read_clock_ns();
  task->deadline_ns =
      options->timeout_ms == 0
          ? 0
          : task->since_ns + options->timeout_ms * UINT64_C(1000000);
  task->priority =
      (unsigned char)(WORKER_PRIORITY_HIGH - (int)options->priority);
  task->failed = false;
}

/* Kept by the port: of what was written just now, in other pieces than it is
 * read in, the reader would have to wait for each. Where there is no frame it
 * is not given: a submitter may have lost it. */
static const async_resource_options_t *options_in(
    worker_port_t *port, async_context_frame_t *frame) {
  port->options.flags = ASYNC_RESOURCE_OWES_CALLBACK | ASYNC_RESOURCE_TASK;
  if (frame != NULL)
    port->options.flags |= ASYNC_RESOURCE_FRAME | ASYNC_RESOURCE_FRAME_LENT;
  port->options.frame = frame;
  return &port->options;
}

/* The frame is held before init fires, as a hook may enter another one; the
 * task's resources, here and on the worker, borrow it. */
static int init_task(worker_task_t *task, const async_site_t *site,
                     const char *type) {
  async_context_frame_t *frame = asyncscope__worker_port_hold_frame(task->port);
  int error = async_resource_init_at(site, &task->resource,
                                     type == NULL ? WORK_TYPE : type,
                                     options_in(task->port, frame));
  if (error != 0)
    asyncscope__worker_port_drop_frame(task->port, frame);
  else
    task->frame = frame;
  return error;
}

/* `*port` is the loop's, or NULL. */
static int ready_port(worker_pool_t *pool, worker_port_t **port) {
  if (*port == NULL)
    return open_port(pool, port);
  return (*port)->detaching
             ? async_error_set(UV_ECANCELED, "the environment is ending")
             : 0;
}

/* Holds a place in the queue; what the caller gave is set. */
static int submit_reserved(worker_pool_t *pool, worker_port_t *port,
                           worker_task_t *task, const async_site_t *site,
                           const worker_task_options_t *options) {
  int error = ready_port(pool, &port);
  if (error != 0)
    return error;
  task->port = port;
  task->site = site;
  error = init_task(task, site, options->type);
  if (error != 0)
    return error;
  fill_task(task, options, pool);
  async_request_queue_entered(task->frame, task->since_ns);
  asyncscope__worker_port_expect(port);
  if (task->deadline_ns != 0)
    asyncscope__worker_port_watch(port, task->deadline_ns);
  asyncscope__worker_queue_push(pool, task);
  return 0;
}

static int no_room(int error) {
  return async_error_set(error, error == UV_EAGAIN ? "the pool's queue is full"
                                                   : "the pool is closing");
}

static bool is_valid(const worker_task_options_t *options) {
  return options->priority >= WORKER_PRIORITY_LOW &&
         options->priority <= WORKER_PRIORITY_HIGH &&
         options->timeout_ms <= TIMEOUT_MAX_MS;
}

int asyncscope__worker_submit(const async_site_t *site, worker_pool_t *pool,
                              worker_task_t *task, worker_task_work_cb work,
                              worker_task_done_cb done, bool ours,
                              const worker_task_options_t *options) {
  if (work == NULL)
    return async_error_set(UV_EINVAL, "work is NULL");
  if (pool == NULL || task == NULL)
    return async_error_set(UV_EINVAL, "the %s is NULL",
                           pool == NULL ? "pool" : "task");
  if (!is_valid(options))
    return async_error_set(UV_EINVAL, "no such priority, or timeout");
  worker_port_t *port = asyncscope__worker_port_find(pool);
  if (port == NULL && async_env_loop() == NULL)
    return async_error_set(UV_EINVAL, "this thread has no loop");
  int error = asyncscope__worker_queue_reserve(pool);
  if (error != 0)
    return no_room(error);
  task->work = work;
  task->done = done;
  task->ours = ours;
  error = submit_reserved(pool, port, task, site, options);
  if (error != 0)
    asyncscope__worker_queue_unreserve(pool);
  return error;
}

static const worker_task_options_t no_options;

int worker_pool_submit_with_at(const async_site_t *site, worker_pool_t *pool,
                               worker_task_t *task, worker_task_work_cb work,
                               worker_task_done_cb done,
                               const worker_task_options_t *options) {
  return asyncscope__worker_submit(site, pool, task, work, done, false,
                                   options == NULL ? &no_options : options);
}

int worker_pool_submit_at(const async_site_t *site, worker_pool_t *pool,
                          worker_task_t *task, worker_task_work_cb work,
                          worker_task_done_cb done) {
  return asyncscope__worker_submit(site, pool, task, work, done, false,
                                   &no_options);
}

const char *worker_task_error(const worker_task_t *task) {
  return task->failed ? task->message : NULL;
}

/* A port that is gone is only compared. */
static bool is_submitted_here(const worker_pool_t *pool,
                              const worker_task_t *task) {
  const worker_port_t *port = asyncscope__worker_port_find(pool);
  return port != NULL && task->port == port &&
         async_resource_ref(&task->resource).thread == async_env_thread();
}

int worker_pool_cancel(worker_pool_t *pool, worker_task_t *task) {
  if (pool == NULL || task == NULL || !is_submitted_here(pool, task))
    return async_error_set(UV_EINVAL, "no task that this thread submitted");
  return asyncscope__worker_queue_cancel(pool, task)
             ? 0
             : async_error_set(UV_EBUSY, "the task does not wait any more");
}

void worker_pool_info(const worker_pool_t *pool, worker_pool_info_t *ret_info) {
  asyncscope__worker_queue_info((worker_pool_t *)pool, ret_info);
}
