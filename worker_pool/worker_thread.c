/* The life of a worker: its own environment, then task after task, then the
 * end of the queue; or an end in the middle of a task.
 *
 * What must stay true:
 * - Between take and post the worker alone touches the task, and afterwards
 *   never: posting it makes its memory the submitter's.
 * - Everything the work left behind on this thread (ticks, destroy events) is
 *   delivered before the task is posted: it may still use the task.
 * - A worker that found no memory for a resource has not run the work; the
 *   task still goes home, with the error as its status.
 * - Cancellation strikes only where the user's work, or a tick it queued, runs
 *   or the worker waits: elsewhere a lock may be held or a task be on nobody's
 *   list. From task to task it is allowed all the same, as forbidding it costs
 *   two locked instructions: nothing there is a cancellation point, and what
 *   is (the send to a loop; hooks and releases, which are the user's) forbids
 *   it by itself.
 * - A thread that dies cleans up as its stack is unwound: scopes, environment,
 *   then its replacement, and only then its task goes home, so that done finds
 *   the pool at its size.
 * - Leaving is one step under both locks, the environment gone and nothing left
 *   to post. The last one to leave tells the ports. */
#include "worker_internal.h"

#include "asyncscope/async_fail.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_recorder.h"
#include "asyncscope/async_request.h"
#include <pthread.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <stdio.h>

typedef struct worker_s {
  worker_pool_t *pool;
  worker_task_t *task;       /* taken and not posted */
  async_resource_t resource; /* of the work, here */
  async_ref_t origin;        /* of that one */
  async_resource_options_t options;
  uint64_t started_ns; /* of the work; 0: not begun */
  asyncscope__worker_times_t *times;
  asyncscope__worker_idle_t idle;
} worker_t;

/* The starter's, until `ready` is posted. */
typedef struct start_s {
  worker_pool_t *pool;
  uv_sem_t ready;
  int status;
} start_t;

void worker_task_abort(const char *message) {
  async_fail("%s", message == NULL ? "aborted" : message);
  pthread_exit(NULL);
}

static void report(const worker_t *worker, int status, const char *message) {
  worker_pool_t *pool = worker->pool;
  if (pool->on_error != NULL)
    pool->on_error(pool, status, message, pool->on_error_arg);
}

/* The environment's handler for what failed: the task's error where there is
 * one. The first failure counts. */
static void on_failure(const char *message, void *data) {
  worker_t *worker = data;
  worker_task_t *task = worker->task;
  if (task == NULL)
    report(worker, UV_EIO, message);
  else if (!task->failed)
    snprintf(task->message, WORKER_TASK_MESSAGE_BYTES, "%s", message);
  if (task != NULL)
    task->failed = true;
}

/* Once for each task that was taken. */
static void end_wait(const worker_t *worker, uint64_t at_ns) {
  async_request_queue_left(worker->task->frame, worker->task->since_ns, at_ns);
}

/* Whatever the work has made of its thread. The type first: with the other one
 * allowing is a cancellation point. */
static void allow_cancel(void) {
  pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
}

/* Where this worker slept the submitter's loop is likely to do so, and its core
 * takes longer to wake than the worker to end the task. */
static void wake_loop(const worker_t *worker) {
  if (worker->idle.served == 0)
    asyncscope__worker_port_send_ahead(worker->task->port);
}

static int call_work(void *arg) {
  worker_t *worker = arg;
  worker->started_ns = async_env_now_ns();
  end_wait(worker, worker->started_ns);
  int status = worker->task->work(worker->task);
  allow_cancel();
  wake_loop(worker);
  return status;
}

/* The work in the submitter's frame, under an id of this thread. */
static int work(worker_t *worker) {
  worker_task_t *task = worker->task;
  worker->origin = async_resource_ref(&task->resource);
  worker->options.frame = task->frame;
  int status = async_resource_init_at(task->site, &worker->resource, task->type,
                                      &worker->options);
  if (status != 0)
    return status;
  status =
      async_resource_run_in_async_scope(&worker->resource, call_work, worker);
  async_resource_finish(&worker->resource);
  async_env_flush();
  allow_cancel();
  return task->failed ? UV_EIO : status;
}

/* The end of one task is the start of the next, so that may lie a little before
 * its submit. */
static uint64_t waited_ns(const worker_t *worker) {
  uint64_t since_ns = worker->task->since_ns;
  return worker->started_ns > since_ns ? worker->started_ns - since_ns : 0;
}

/* The task at hand when this one, which has worked, has gone home. The clock is
 * not read: the scopes around the work have done that. */
static worker_task_t *send_home(worker_t *worker) {
  worker_task_t *task = worker->task;
  uint64_t now_ns = async_env_now_ns();
  uint64_t waited = waited_ns(worker), worked = now_ns - worker->started_ns;
  asyncscope__worker_times_record(worker->times, task, ASYNCSCOPE__WAITED,
                                  waited);
  asyncscope__worker_times_record(worker->times, task, ASYNCSCOPE__WORKED,
                                  worked);
  task->since_ns = now_ns;
  worker->idle.row_ns += worked;
  worker->idle.row++;
  return asyncscope__worker_queue_worked(worker->pool, task, waited, worked);
}

/* The task at hand when this one has gone home, or NULL. Work that could not be
 * begun has taken no time. */
static worker_task_t *serve(worker_t *worker) {
  worker_task_t *task = worker->task;
  worker->started_ns = 0;
  task->status = work(worker);
  if (worker->started_ns != 0)
    return send_home(worker);
  end_wait(worker, async_env_now_ns());
  task->since_ns = UINT64_MAX; /* nothing has ended that done may wait for */
  return asyncscope__worker_queue_worked(worker->pool, task, 0, 0);
}

/* From the one at hand on those that follow without a wait. */
static void serve_row(worker_t *worker) {
  async_env_batch_begin();
  allow_cancel();
  for (; worker->task != NULL; worker->idle.served++)
    worker->task = serve(worker);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
}

static void serve_all(worker_t *worker) {
  while ((worker->task = asyncscope__worker_queue_take(worker->pool,
                                                       &worker->idle)) != NULL)
    serve_row(worker);
}

static size_t next_number(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  size_t number = pool->named++;
  asyncscope__worker_queue_unlock(&pool->queue);
  return number;
}

/* A long name is cut, the number never. */
static int open_env(worker_t *worker) {
  size_t number = next_number(worker->pool);
  char end[ASYNC_ENV_NAME_BYTES], name[2 * ASYNC_ENV_NAME_BYTES];
  int end_bytes = snprintf(end, sizeof(end), "-%zu", number);
  snprintf(name, sizeof(name), "%.*s%s", ASYNC_ENV_NAME_BYTES - 1 - end_bytes,
           worker->pool->name, end);
  int error = async_env_open(ASYNC_ENV_WORKER, name);
  if (error != 0)
    return error;
  if (worker->pool->recorder_bytes != 0)
    error = async_env_set_recorder_bytes(worker->pool->recorder_bytes);
  if (error == 0)
    error = async_set_uncaught_exception_handler(on_failure, worker);
  if (error != 0)
    async_env_detach();
  return error;
}

/* Nobody will run what waits when the last thread goes and nobody follows. */
static void leave_locked(worker_pool_t *pool) {
  pool->queue.present--;
  pool->left = uv_thread_self();
  pool->has_left = true;
  if (pool->queue.present == 0)
    asyncscope__worker_queue_give_up_locked(pool);
  uv_cond_broadcast(&pool->queue.gone);
  asyncscope__worker_ports_end_locked(pool);
}

/* Its task is what this thread died of, or NULL. Behind the unlock the pool may
 * be gone. */
static void leave(worker_t *worker) {
  worker_pool_t *pool = worker->pool;
  worker_task_t *task = worker->task;
  uv_sem_destroy(&worker->idle.call);
  asyncscope__worker_queue_lock(&pool->queue);
  bool follows = pool->has_left;
  uv_thread_t before = pool->left;
  if (task != NULL) {
    asyncscope__worker_queue_end_active_locked(&pool->queue);
    pool->queue.info.aborted++;
    if (asyncscope__worker_port_post_locked(task->port, task, UV_EIO))
      asyncscope__worker_port_send_locked(task->port);
  }
  asyncscope__worker_times_give_locked(worker->times);
  leave_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
  if (follows)
    uv_thread_join(&before);
}

/* The place of the one is claimed for the other in one step: no submitter finds
 * the pool short. */
static int replace(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  pool->queue.threads--;
  bool claimed = asyncscope__worker_pool_claim_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
  return claimed ? asyncscope__worker_pool_start_claimed(pool) : 0;
}

/* Most has been left as the stack was unwound. A scope is left by its id: the
 * resource may have lain on that stack. */
static void leave_scopes(void) {
  async_resource_t topmost = {.data = NULL};
  while ((topmost.async_id = async_hooks_execution_async_id()) > ASYNC_ID_ROOT)
    async_resource_leave(&topmost);
}

static void close_env(worker_t *worker) {
  leave_scopes();
  async_resource_finish(&worker->resource);
  async_env_flush();
  async_env_detach();
}

/* Called as the stack is unwound, by whatever ended the thread. */
static void on_death(void *arg) {
  worker_t *worker = arg;
  close_env(worker);
  if (worker->task != NULL && worker->started_ns == 0)
    end_wait(worker, uv_hrtime());
  on_failure(worker->task == NULL ? "a waiting thread was ended"
                                  : "the thread of the task was ended",
             worker);
  int error = replace(worker->pool);
  if (error != 0)
    report(worker, error, "a dead thread could not be replaced");
  leave(worker);
}

/* In one step, or one that dies meanwhile would find nothing to replace. */
static void enter(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  pool->queue.present++;
  pool->queue.threads++;
  pool->queue.starting--;
  asyncscope__worker_queue_unlock(&pool->queue);
}

static void live(worker_t *worker) {
  pthread_cleanup_push(on_death, worker);
  serve_all(worker);
  pthread_cleanup_pop(0);
  async_env_detach();
  leave(worker);
}

static int open_parts(worker_t *worker) {
  worker->times = asyncscope__worker_times_take(worker->pool);
  if (worker->times == NULL)
    return UV_ENOMEM;
  int error = open_env(worker);
  if (error != 0)
    asyncscope__worker_times_give(worker->pool, worker->times);
  return error;
}

static int begin(worker_t *worker) {
  int error = uv_sem_init(&worker->idle.call, 0);
  if (error != 0)
    return error;
  error = open_parts(worker);
  if (error != 0)
    uv_sem_destroy(&worker->idle.call);
  return error;
}

/* A wait of microseconds ends when it should: by default Linux may be 50 us
 * late. */
static void be_on_time(void) {
#ifdef __linux__
  prctl(PR_SET_TIMERSLACK, 1ul);
#endif
}

static void worker_main(void *arg) {
  start_t *start = arg;
  worker_t worker = {
      .pool = start->pool,
      .options = {.flags = ASYNC_RESOURCE_FRAME | ASYNC_RESOURCE_FRAME_LENT,
                  .origin = &worker.origin},
      .idle = {.caller_core = -1}};
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  be_on_time();
  int status = start->status = begin(&worker);
  if (status == 0)
    enter(worker.pool);
  uv_sem_post(&start->ready);
  if (status == 0)
    live(&worker);
}

static int start_and_wait(worker_pool_t *pool) {
  start_t start = {.pool = pool};
  uv_thread_t thread;
  int error = uv_sem_init(&start.ready, 0);
  if (error != 0)
    return error;
  error = uv_thread_create(&thread, worker_main, &start);
  if (error == 0) {
    uv_sem_wait(&start.ready);
    error = start.status;
    if (error != 0)
      uv_thread_join(&thread);
  }
  uv_sem_destroy(&start.ready);
  return error;
}

/* The thread that is made uses what lies on this one's stack, and whoever
 * claimed it is still to be told: this one must not be cut short. */
int asyncscope__worker_start(worker_pool_t *pool) {
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  int error = start_and_wait(pool);
  pthread_setcancelstate(before, NULL);
  return error;
}
