/* Workers with nothing to do.
 *
 * What must stay true, under `back`:
 * - idle is the workers that wait, less the calls that none of them has taken.
 *   A worker counts from the moment on in which it saw, under both locks, that
 *   nothing waits. The count is -1 where the only one was cancelled before its
 *   call was posted, until another has taken that.
 * - A worker that lingers has yet to look, so it misses nothing.
 * - Where a task waits and idle is not 0, one is called. One is called at a
 *   time; when it has come it calls the next, if there is one more task. So
 *   small tasks do not wake workers that find nothing.
 * - Who was called and stands by, while others keep up with short tasks, is the
 *   one called all the while, so nobody else is. It looks again in time, and it
 *   is told at once where another has nothing left, and where it is time to
 *   leave: no task waits for it while there is nobody at work.
 * - A call is a semaphore's: who wakes needs no lock to find out why. One that
 *   is cancelled may have been woken for a call it has not taken, and nobody
 *   else is woken for that: it takes it then, and calls another in its place.
 */
#include "worker_internal.h"

#include <pthread.h>

typedef asyncscope__worker_queue_t queue_t;

static void note_progress_locked(queue_t *queue) {
  queue->seen_ns = uv_hrtime();
  queue->seen_completed = asyncscope__worker_queue_completed(queue);
}

bool asyncscope__worker_queue_must_call(queue_t *queue) {
  if (queue->idle <= 0 || queue->called)
    return false;
  queue->idle--;
  queue->called = true;
  note_progress_locked(queue);
  return true;
}

void asyncscope__worker_queue_call(queue_t *queue) {
  uv_sem_post(&queue->calls);
}

void asyncscope__worker_queue_call_all_locked(queue_t *queue) {
  uv_cond_broadcast(&queue->stand);
  for (; queue->idle > 0; queue->idle--)
    uv_sem_post(&queue->calls);
}

/* How long a worker looks for more before it sleeps. */
#define LINGER_NS 4000

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
  uv_cond_broadcast(&queue->stand);
  return true;
}

/* `called`: this is the worker that was. */
static bool look(worker_pool_t *pool, bool called, worker_task_t **ret_task) {
  queue_t *queue = &pool->queue;
  asyncscope__worker_queue_lock(queue);
  if (called)
    queue->called = false;
  bool idle = look_locked(pool, ret_task);
  bool call = asyncscope__worker_queue_waiting_length(queue) > 0 &&
              asyncscope__worker_queue_must_call(queue);
  asyncscope__worker_queue_unlock(queue);
  if (call)
    asyncscope__worker_queue_call(queue);
  return idle;
}

/* Under `back`, by one who took a call and will not come. */
static void pass_on_locked(queue_t *queue) {
  if (!queue->called)
    return;
  queue->called = false;
  if (asyncscope__worker_queue_must_call(queue))
    asyncscope__worker_queue_call(queue);
}

static void on_cancelled_while_idle(void *arg) {
  queue_t *queue = arg;
  uv_mutex_lock(&queue->back);
  if (uv_sem_trywait(&queue->calls) == 0)
    pass_on_locked(queue);
  else
    queue->idle--;
  uv_mutex_unlock(&queue->back);
}

static void sleep_until_called(queue_t *queue) {
  pthread_cleanup_push(on_cancelled_while_idle, queue);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  uv_sem_wait(&queue->calls);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_cleanup_pop(0);
}

static bool is_waiting_locked(const queue_t *queue) {
  return asyncscope__worker_queue_waiting_length(queue) + queue->come_length >
         0;
}

/* Without a lock, so it may be wrong in both ways. */
static bool is_empty(const queue_t *queue) {
  return asyncscope__worker_queue_waiting_length(queue) == 0 &&
         atomic_load_explicit(&queue->come_first, memory_order_relaxed) ==
             ASYNCSCOPE__PRIORITIES;
}

/* To fall asleep and be called costs both sides more than a small task does,
 * and a submitter who is at it has put down the next one before that. The core
 * is kept meanwhile: who lets another have it gets it back when that one likes.
 */
static void wait_a_little(const queue_t *queue) {
  uint64_t end_ns = uv_hrtime() + LINGER_NS;
  while (is_empty(queue) && uv_hrtime() < end_ns)
    ;
}

/* Of tasks as short as this the submitter's part takes longer. A second worker
 * adds nothing then, and the two take each other's cache lines away. */
#define SHORT_TASK_NS 400
/* Whoever stands by looks this often. What was done early in such a time counts
 * for all of it, so a task behind a long one may wait for two of them. */
#define STAND_BY_NS 40000

/* Under `back`, for the one called: since the last look each of the others that
 * are awake had short tasks only, and there are more. */
static bool others_keep_up_locked(queue_t *queue) {
  ptrdiff_t others = (ptrdiff_t)queue->threads - queue->idle - 1;
  uint64_t since_ns = queue->seen_ns, before = queue->seen_completed;
  note_progress_locked(queue);
  if (must_leave(queue) || others < 1 || !is_waiting_locked(queue))
    return false;
  return (queue->seen_completed - before) * SHORT_TASK_NS >=
         (queue->seen_ns - since_ns) * (uint64_t)others;
}

/* Not on the semaphore: the calls to come are for those who are idle. */
static void stand_by(queue_t *queue) {
  uv_mutex_lock(&queue->back);
  while (others_keep_up_locked(queue))
    uv_cond_timedwait(&queue->stand, &queue->back, STAND_BY_NS);
  uv_mutex_unlock(&queue->back);
}

worker_task_t *asyncscope__worker_queue_take(worker_pool_t *pool, bool linger) {
  worker_task_t *task;
  bool called = false;
  if (linger)
    wait_a_little(&pool->queue);
  while (look(pool, called, &task)) {
    sleep_until_called(&pool->queue);
    stand_by(&pool->queue);
    called = true;
  }
  return task;
}
