/* The bounded queue between submitters and workers.
 *
 * What must stay true, under `lock`:
 * - length + reserved <= max. A place is reserved before init fires and filled
 *   after it, so that a refused task has fired nothing and no hook runs under
 *   the lock.
 * - A task's state is QUEUED exactly while it is in `waiting`.
 * - A task that will not run goes from `waiting` into its port's list without
 *   letting go of the lock: a task on nobody's list would be missed by the end.
 * - The end is: closing, nothing waits, nothing is reserved, no resize is on
 *   its way. It never turns back, and whoever brings it about wakes all
 * workers.
 * - info.threads are those that will take another task; a worker that is told
 *   to leave is counted out at once, but stays in `present` until it has left.
 *   With none present nothing waits: there is nobody to run it. */
#include "worker_internal.h"

#include <pthread.h>

int asyncscope__worker_queue_init(asyncscope__worker_queue_t *queue,
                                  size_t max) {
  int error = uv_mutex_init(&queue->lock);
  if (error != 0)
    return error;
  error = uv_cond_init(&queue->wake);
  if (error != 0)
    uv_mutex_destroy(&queue->lock);
  queue->max = max;
  return error;
}

bool asyncscope__worker_queue_has_ended(
    const asyncscope__worker_queue_t *queue) {
  return queue->closing && queue->length == 0 && queue->reserved == 0 &&
         queue->resizing == 0;
}

static void tell_end(worker_pool_t *pool) {
  if (!asyncscope__worker_queue_has_ended(&pool->queue))
    return;
  uv_cond_broadcast(&pool->queue.wake);
  asyncscope__worker_ports_end(pool);
}

int asyncscope__worker_queue_reserve_locked(asyncscope__worker_queue_t *queue) {
  int error = 0;
  if (queue->closing)
    error = UV_ECANCELED;
  else if (queue->length + queue->reserved >= queue->max)
    error = UV_EAGAIN;
  if (error == 0)
    queue->reserved++;
  else
    queue->info.rejected++;
  return error;
}

void asyncscope__worker_queue_unreserve(worker_pool_t *pool) {
  uv_mutex_lock(&pool->queue.lock);
  pool->queue.reserved--;
  pool->queue.info.rejected++;
  tell_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
}

void asyncscope__worker_queue_resized(worker_pool_t *pool) {
  uv_mutex_lock(&pool->queue.lock);
  pool->queue.resizing--;
  tell_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
}

static asyncscope__task_list_t *list_of(asyncscope__worker_queue_t *queue,
                                        const worker_task_t *task) {
  return &queue->waiting[task->priority];
}

static void take_out(asyncscope__worker_queue_t *queue, worker_task_t *task) {
  asyncscope__task_list_remove(list_of(queue, task), task);
  task->state = ASYNCSCOPE__TASK_TAKEN;
  queue->length--;
}

static void count_unrun(asyncscope__worker_queue_t *queue, int status) {
  if (status == UV_ETIMEDOUT)
    queue->info.timed_out++;
  else
    queue->info.cancelled++;
}

static void send_home(worker_pool_t *pool, worker_task_t *task, int status) {
  take_out(&pool->queue, task);
  count_unrun(&pool->queue, status);
  asyncscope__worker_port_post(task, status);
}

void asyncscope__worker_queue_dismiss_locked(worker_pool_t *pool, int status) {
  for (size_t i = 0; i < ASYNCSCOPE__PRIORITIES; i++)
    while (pool->queue.waiting[i].head != NULL)
      send_home(pool, pool->queue.waiting[i].head, status);
}

/* One worker is woken at a time; when it takes its task it wakes the next, if
 * there is one more. So small tasks do not wake workers that find nothing. */
static bool must_wake(asyncscope__worker_queue_t *queue) {
  bool must = queue->length > 0 && queue->idle > 0 && !queue->waking;
  queue->waking = queue->waking || must;
  return must;
}

static void push(asyncscope__worker_queue_t *queue, worker_task_t *task) {
  task->state = ASYNCSCOPE__TASK_QUEUED;
  asyncscope__task_list_push(list_of(queue, task), task);
  queue->length++;
  queue->reserved--;
  queue->info.submitted++;
  if (queue->info.queued_peak < queue->length)
    queue->info.queued_peak = queue->length;
}

/* The signal may follow the unlock: the pool cannot go before the submitter's
 * loop, which is here, has called done. */
void asyncscope__worker_queue_push(worker_pool_t *pool, worker_task_t *task) {
  uv_mutex_lock(&pool->queue.lock);
  push(&pool->queue, task);
  bool wake = must_wake(&pool->queue);
  if (pool->queue.present == 0)
    asyncscope__worker_queue_dismiss_locked(pool, UV_EAGAIN);
  tell_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
  if (wake)
    uv_cond_signal(&pool->queue.wake);
}

static worker_task_t *first(const asyncscope__worker_queue_t *queue) {
  for (size_t i = 0; i < ASYNCSCOPE__PRIORITIES; i++)
    if (queue->waiting[i].head != NULL)
      return queue->waiting[i].head;
  return NULL;
}

static bool must_leave(const asyncscope__worker_queue_t *queue) {
  return queue->info.threads > queue->target ||
         asyncscope__worker_queue_has_ended(queue);
}

static int status_at_start(const asyncscope__worker_queue_t *queue,
                           const worker_task_t *task) {
  if (queue->discard)
    return UV_ECANCELED;
  bool late = task->deadline_ns != 0 && task->deadline_ns <= uv_hrtime();
  return late ? UV_ETIMEDOUT : 0;
}

static worker_task_t *take_first(worker_pool_t *pool) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  worker_task_t *task = first(queue);
  if (task == NULL)
    return NULL;
  task->status = status_at_start(queue, task);
  take_out(queue, task);
  if (task->status == 0)
    queue->info.active++;
  else
    count_unrun(queue, task->status);
  tell_end(pool);
  return task;
}

static void end_wait(asyncscope__worker_queue_t *queue) {
  queue->idle--;
  queue->waking = false;
}

/* The signal that was meant for it may have come just before. */
static void on_cancelled_while_waiting(void *arg) {
  asyncscope__worker_queue_t *queue = arg;
  end_wait(queue);
  if (must_wake(queue))
    uv_cond_signal(&queue->wake);
  uv_mutex_unlock(&queue->lock);
}

static void wait_for_news(asyncscope__worker_queue_t *queue) {
  queue->idle++;
  pthread_cleanup_push(on_cancelled_while_waiting, queue);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  uv_cond_wait(&queue->wake, &queue->lock);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_cleanup_pop(0);
  end_wait(queue);
}

worker_task_t *asyncscope__worker_queue_take(worker_pool_t *pool) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  uv_mutex_lock(&queue->lock);
  while (queue->length == 0 && !must_leave(queue))
    wait_for_news(queue);
  worker_task_t *task = must_leave(queue) ? NULL : take_first(pool);
  if (task == NULL)
    queue->info.threads--;
  bool wake = must_wake(queue);
  uv_mutex_unlock(&queue->lock);
  if (wake)
    uv_cond_signal(&queue->wake);
  return task;
}

worker_task_t *asyncscope__worker_queue_worked(worker_pool_t *pool,
                                               uint64_t waited_ns,
                                               uint64_t worked_ns) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  uv_mutex_lock(&queue->lock);
  queue->info.active--;
  queue->info.completed++;
  queue->info.waited_ns += waited_ns;
  queue->info.worked_ns += worked_ns;
  worker_task_t *next = must_leave(queue) ? NULL : take_first(pool);
  uv_mutex_unlock(&queue->lock);
  return next;
}

bool asyncscope__worker_queue_cancel(worker_pool_t *pool, worker_task_t *task) {
  uv_mutex_lock(&pool->queue.lock);
  bool waits = task->state == ASYNCSCOPE__TASK_QUEUED;
  if (waits)
    send_home(pool, task, UV_ECANCELED);
  tell_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
  return waits;
}

/* The task behind `task`, NULL for the first. */
static worker_task_t *behind(const asyncscope__worker_queue_t *queue,
                             const worker_task_t *task, size_t *list) {
  worker_task_t *next = task == NULL ? queue->waiting[0].head : task->next;
  while (next == NULL && ++*list < ASYNCSCOPE__PRIORITIES)
    next = queue->waiting[*list].head;
  return next;
}

void asyncscope__worker_queue_cancel_all(worker_pool_t *pool,
                                         const worker_port_t *port) {
  size_t list = 0;
  uv_mutex_lock(&pool->queue.lock);
  worker_task_t *next, *task = behind(&pool->queue, NULL, &list);
  for (; task != NULL; task = next) {
    next = behind(&pool->queue, task, &list);
    if (port == NULL || task->port == port)
      send_home(pool, task, UV_ECANCELED);
  }
  tell_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
}

uint64_t asyncscope__worker_queue_expire(worker_pool_t *pool,
                                         const worker_port_t *port,
                                         uint64_t now_ns) {
  size_t list = 0;
  uint64_t earliest_ns = 0;
  uv_mutex_lock(&pool->queue.lock);
  worker_task_t *next, *task = behind(&pool->queue, NULL, &list);
  for (; task != NULL; task = next) {
    next = behind(&pool->queue, task, &list);
    if (task->port != port || task->deadline_ns == 0)
      continue;
    if (task->deadline_ns <= now_ns)
      send_home(pool, task, UV_ETIMEDOUT);
    else if (earliest_ns == 0 || task->deadline_ns < earliest_ns)
      earliest_ns = task->deadline_ns;
  }
  tell_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
  return earliest_ns;
}

void asyncscope__worker_queue_close(worker_pool_t *pool, bool discard) {
  uv_mutex_lock(&pool->queue.lock);
  pool->queue.closing = true;
  pool->queue.discard = discard;
  tell_end(pool);
  uv_mutex_unlock(&pool->queue.lock);
}

void asyncscope__worker_queue_finish(asyncscope__worker_queue_t *queue) {
  uv_cond_destroy(&queue->wake);
  uv_mutex_destroy(&queue->lock);
}
