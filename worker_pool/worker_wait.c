/* Workers with nothing to do.
 *
 * What must stay true, under `back`:
 * - Where a task waits and a worker is idle, one is called. A worker counts as
 *   idle from the moment on in which it saw, under both locks, that nothing
 *   waits; it stops waiting only for a call or to leave.
 * - One worker is called at a time; when it takes its task it calls the next,
 *   if there is one more. So small tasks do not wake workers that find nothing.
 */
#include "worker_internal.h"

#include <pthread.h>

typedef asyncscope__worker_queue_t queue_t;

bool asyncscope__worker_queue_must_call(queue_t *queue) {
  if (queue->idle == 0 || queue->called)
    return false;
  queue->called = true;
  return true;
}

static bool must_leave(const queue_t *queue) {
  return queue->threads > queue->target || queue->ended;
}

/* True: the worker is idle from here on. */
static bool look_locked(worker_pool_t *pool, worker_task_t **ret_task) {
  queue_t *queue = &pool->queue;
  asyncscope__worker_queue_move_up_locked(queue);
  *ret_task =
      must_leave(queue) ? NULL : asyncscope__worker_queue_take_locked(pool);
  asyncscope__worker_queue_tell_end_locked(pool);
  if (*ret_task != NULL)
    return false;
  if (must_leave(queue)) {
    queue->threads--;
    return false;
  }
  queue->idle++;
  return true;
}

static bool look(worker_pool_t *pool, worker_task_t **ret_task) {
  queue_t *queue = &pool->queue;
  asyncscope__worker_queue_lock(queue);
  bool idle = look_locked(pool, ret_task);
  bool call = asyncscope__worker_queue_waiting_length(queue) > 0 &&
              asyncscope__worker_queue_must_call(queue);
  asyncscope__worker_queue_unlock(queue);
  if (call)
    uv_cond_signal(&queue->wake);
  return idle;
}

/* The call may have been meant for the one that goes. */
static void on_cancelled_while_idle(void *arg) {
  queue_t *queue = arg;
  queue->idle--;
  if (queue->called)
    uv_cond_signal(&queue->wake);
  uv_mutex_unlock(&queue->back);
}

static void sleep_until_called(queue_t *queue) {
  uv_mutex_lock(&queue->back);
  pthread_cleanup_push(on_cancelled_while_idle, queue);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  while (!queue->called && !must_leave(queue))
    uv_cond_wait(&queue->wake, &queue->back);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_cleanup_pop(0);
  queue->idle--;
  queue->called = false;
  uv_mutex_unlock(&queue->back);
}

worker_task_t *asyncscope__worker_queue_take(worker_pool_t *pool) {
  worker_task_t *task;
  while (look(pool, &task))
    sleep_until_called(&pool->queue);
  return task;
}
