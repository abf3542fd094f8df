/* Workers with nothing to do.
 *
 * What must stay true, under `back`:
 * - Where a task waits and a worker is idle, one is called or one watches. A
 *   worker counts as idle from the moment on in which it saw, under both locks,
 *   that nothing waits; it stops waiting only for a call or to leave.
 * - One worker is called at a time; when it takes its task it calls the next,
 * if there is one more. So small tasks do not wake workers that find nothing.
 * - While one watches (worker_watch.h) nobody is called, but for a crowd: it
 * may have lost its core. */
#include "worker_internal.h"

#include <pthread.h>

typedef asyncscope__worker_queue_t queue_t;

#define CROWD 16u

/* Why a worker looks for a task. */
typedef enum cause_e { RAN_DRY, WATCHED, WATCHED_IN_VAIN, WAS_CALLED } cause_t;

/* What it does then. */
typedef enum next_e { TAKE_OR_LEAVE, WATCH, SLEEP } next_t;

bool asyncscope__worker_queue_must_call(queue_t *queue) {
  if (queue->idle == 0 || queue->called ||
      (queue->watch.on && queue->come_length < CROWD))
    return false;
  queue->called = true;
  return true;
}

static bool must_leave(const queue_t *queue) {
  return queue->threads > queue->target || queue->ended;
}

/* Nothing waits. */
static next_t rest(queue_t *queue, cause_t cause) {
  bool last = queue->idle + 1 == queue->threads;
  if (cause == RAN_DRY && last && asyncscope__worker_watch_begin(&queue->watch))
    return WATCH;
  queue->idle++;
  return SLEEP;
}

static next_t look_locked(worker_pool_t *pool, cause_t cause,
                          worker_task_t **ret_task) {
  queue_t *queue = &pool->queue;
  if (cause == WATCHED || cause == WATCHED_IN_VAIN)
    asyncscope__worker_watch_end(&queue->watch, cause == WATCHED_IN_VAIN);
  asyncscope__worker_queue_move_up_locked(queue);
  *ret_task =
      must_leave(queue) ? NULL : asyncscope__worker_queue_take_locked(pool);
  asyncscope__worker_queue_tell_end_locked(pool);
  if (*ret_task != NULL)
    asyncscope__worker_watch_found(&queue->watch);
  else if (must_leave(queue))
    queue->threads--;
  else
    return rest(queue, cause);
  return TAKE_OR_LEAVE;
}

static next_t look(worker_pool_t *pool, cause_t cause,
                   worker_task_t **ret_task) {
  queue_t *queue = &pool->queue;
  asyncscope__worker_queue_lock(queue);
  next_t next = look_locked(pool, cause, ret_task);
  bool call = asyncscope__worker_queue_waiting_length(queue) > 0 &&
              asyncscope__worker_queue_must_call(queue);
  asyncscope__worker_queue_unlock(queue);
  if (call)
    uv_cond_signal(&queue->wake);
  return next;
}

/* The call may have been meant for the one that goes. */
static void on_cancelled_while_idle(void *arg) {
  queue_t *queue = arg;
  queue->idle--;
  if (queue->called)
    uv_cond_signal(&queue->wake);
  uv_mutex_unlock(&queue->back);
}

static cause_t sleep_until_called(queue_t *queue) {
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
  return WAS_CALLED;
}

static cause_t watch(const queue_t *queue) {
  return asyncscope__worker_watch_look(&queue->come_first,
                                       ASYNCSCOPE__PRIORITIES)
             ? WATCHED
             : WATCHED_IN_VAIN;
}

worker_task_t *asyncscope__worker_queue_take(worker_pool_t *pool) {
  queue_t *queue = &pool->queue;
  worker_task_t *task;
  next_t next = look(pool, RAN_DRY, &task);
  while (next != TAKE_OR_LEAVE) {
    cause_t cause = next == WATCH ? watch(queue) : sleep_until_called(queue);
    next = look(pool, cause, &task);
  }
  return task;
}
