/* The bounded queue between submitters and workers.
 *
 * What must stay true, under `lock`:
 * - length + reserved <= max. A place is reserved before init fires and filled
 *   after it, so that a refused task has fired nothing and no hook runs under
 *   the lock.
 * - A task's state is QUEUED exactly while it is in `waiting`.
 * - A cancelled task goes from `waiting` into its port's list without letting
 *   go of the lock: a task on nobody's list would be missed by the end.
 * - The end is: closing, nothing waits, nothing is reserved. It never turns
 *   back, and whoever brings it about wakes all workers. */
#include "worker_internal.h"

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

static bool has_ended(const asyncscope__worker_queue_t *queue) {
  return queue->closing && queue->length == 0 && queue->reserved == 0;
}

static void wake_at_end(asyncscope__worker_queue_t *queue) {
  if (has_ended(queue))
    uv_cond_broadcast(&queue->wake);
}

static int try_reserve(asyncscope__worker_queue_t *queue) {
  if (queue->closing)
    return UV_ECANCELED;
  if (queue->length + queue->reserved >= queue->max)
    return UV_EAGAIN;
  queue->reserved++;
  return 0;
}

int asyncscope__worker_queue_reserve(asyncscope__worker_queue_t *queue) {
  uv_mutex_lock(&queue->lock);
  int error = try_reserve(queue);
  if (error != 0)
    queue->info.rejected++;
  uv_mutex_unlock(&queue->lock);
  return error;
}

void asyncscope__worker_queue_unreserve(asyncscope__worker_queue_t *queue) {
  uv_mutex_lock(&queue->lock);
  queue->reserved--;
  queue->info.rejected++;
  wake_at_end(queue);
  uv_mutex_unlock(&queue->lock);
}

static void push(asyncscope__worker_queue_t *queue, worker_task_t *task) {
  task->state = ASYNCSCOPE__TASK_QUEUED;
  asyncscope__task_list_push(&queue->waiting, task);
  queue->length++;
  queue->reserved--;
  queue->info.submitted++;
  if (queue->info.queued_peak < queue->length)
    queue->info.queued_peak = queue->length;
}

/* The signal may follow the unlock: the pool cannot go before the submitter's
 * loop, which is here, has called done. */
void asyncscope__worker_queue_push(asyncscope__worker_queue_t *queue,
                                   worker_task_t *task) {
  uv_mutex_lock(&queue->lock);
  push(queue, task);
  uv_mutex_unlock(&queue->lock);
  uv_cond_signal(&queue->wake);
}

static void take_out(asyncscope__worker_queue_t *queue, worker_task_t *task) {
  asyncscope__task_list_remove(&queue->waiting, task);
  task->state = ASYNCSCOPE__TASK_TAKEN;
  queue->length--;
}

static void take_out_for_worker(asyncscope__worker_queue_t *queue,
                                worker_task_t *task) {
  take_out(queue, task);
  task->status = queue->discard ? UV_ECANCELED : 0;
  if (queue->discard)
    queue->info.cancelled++;
  else
    queue->info.active++;
  wake_at_end(queue);
}

worker_task_t *asyncscope__worker_queue_take(
    asyncscope__worker_queue_t *queue) {
  uv_mutex_lock(&queue->lock);
  while (queue->waiting.head == NULL && !has_ended(queue))
    uv_cond_wait(&queue->wake, &queue->lock);
  worker_task_t *task = queue->waiting.head;
  if (task != NULL)
    take_out_for_worker(queue, task);
  uv_mutex_unlock(&queue->lock);
  return task;
}

void asyncscope__worker_queue_worked(asyncscope__worker_queue_t *queue,
                                     uint64_t waited_ns, uint64_t worked_ns) {
  uv_mutex_lock(&queue->lock);
  queue->info.active--;
  queue->info.completed++;
  queue->info.waited_ns += waited_ns;
  queue->info.worked_ns += worked_ns;
  uv_mutex_unlock(&queue->lock);
}

static void cancel(asyncscope__worker_queue_t *queue, worker_task_t *task) {
  take_out(queue, task);
  queue->info.cancelled++;
  asyncscope__worker_port_post(task, UV_ECANCELED);
  wake_at_end(queue);
}

bool asyncscope__worker_queue_cancel(asyncscope__worker_queue_t *queue,
                                     worker_task_t *task) {
  uv_mutex_lock(&queue->lock);
  bool waits = task->state == ASYNCSCOPE__TASK_QUEUED;
  if (waits)
    cancel(queue, task);
  uv_mutex_unlock(&queue->lock);
  return waits;
}

void asyncscope__worker_queue_cancel_all(asyncscope__worker_queue_t *queue,
                                         const worker_port_t *port) {
  uv_mutex_lock(&queue->lock);
  worker_task_t *next;
  for (worker_task_t *task = queue->waiting.head; task != NULL; task = next) {
    next = task->next;
    if (port == NULL || task->port == port)
      cancel(queue, task);
  }
  uv_mutex_unlock(&queue->lock);
}

void asyncscope__worker_queue_close(asyncscope__worker_queue_t *queue,
                                    bool discard) {
  uv_mutex_lock(&queue->lock);
  queue->closing = true;
  queue->discard = discard;
  wake_at_end(queue);
  uv_mutex_unlock(&queue->lock);
}

void asyncscope__worker_queue_finish(asyncscope__worker_queue_t *queue) {
  uv_cond_destroy(&queue->wake);
  uv_mutex_destroy(&queue->lock);
}
