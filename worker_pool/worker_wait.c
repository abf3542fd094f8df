/* Workers with nothing to do.
 *
 * What must stay true, under `back`:
 * - A worker is in the stack of the idle from the moment on in which it saw,
 *   under both locks, that nothing waits, until it is chosen. Who chooses it
 *   posts its semaphore, once: who wakes needs no lock to find out why. It goes
 *   nowhere before it has taken that, so whoever posts finds it there, and may
 *   do so without the lock.
 * - Of the idle the one that worked last is chosen: what it works with is in
 *   its core's cache, and those at the bottom can sleep.
 * - A worker that lingers has yet to look, so it misses nothing.
 * - Where a task waits and somebody is idle, one is called, or as many as wait.
 *   Of short tasks one is called at a time; when it has come it calls the next,
 *   if there is one more task. So they do not wake workers that find nothing.
 * - Who was called and stands by, as the others are brisk with short tasks, is
 *   the one called all the while, so nobody else is. It looks again in time,
 *   and it is told at once where another has nothing left, and where it is time
 *   to leave: no task waits for it while there is nobody at work.
 * - One that is cancelled while it waits leaves the stack; or it was chosen,
 *   takes the call, and another is called in its place. */
#include "worker_internal.h"

#include <pthread.h>
#include <sched.h>

typedef asyncscope__worker_queue_t queue_t;
typedef asyncscope__worker_idle_t idle_t;

/* Of tasks as short as this the submitter's part takes longer. A second worker
 * adds nothing then, and the two take each other's cache lines away. */
#define SHORT_TASK_NS 400
/* Of these, what the work itself takes. */
#define SHORT_WORK_NS 250
/* In less than this it cannot be seen how long tasks take: a worker that has
 * just been called runs on the core of the one at work, which waits. */
#define PACE_NS 20000

/* But for the one called. */
static size_t others_awake(const queue_t *queue) {
  return queue->threads - queue->idle_length - 1;
}

/* Only of the works, and only of the row that has just ended: what lies between
 * tasks, or batches of them, may be a wait. */
static void note_row_locked(queue_t *queue, idle_t *self) {
  if (self->row > 0)
    queue->brisk = self->row_ns <= self->row * SHORT_WORK_NS;
  self->row = 0;
  self->row_ns = 0;
}

typedef struct pace_s {
  uint64_t at_ns, completed;
} pace_t;

/* By the thread's own clock: the system's is read out of cold memory. */
static pace_t pace_now(const queue_t *queue) {
  return (pace_t){async_env_read_clock_ns(),
                  asyncscope__worker_queue_completed(queue)};
}

/* Under `back`, with tasks waiting ever since: whether those awake have had
 * short ones only. */
static void note_pace_locked(queue_t *queue, pace_t *since) {
  pace_t now = pace_now(queue);
  uint64_t passed_ns = now.at_ns - since->at_ns;
  if (passed_ns < PACE_NS)
    return;
  queue->brisk = (now.completed - since->completed) * SHORT_TASK_NS >=
                 passed_ns * others_awake(queue);
  *since = now;
}

static void push_idle_locked(queue_t *queue, idle_t *worker) {
  worker->next = queue->idle;
  queue->idle = worker;
  queue->idle_length++;
}

static idle_t *pop_idle_locked(queue_t *queue) {
  idle_t *worker = queue->idle;
  queue->idle = worker->next;
  queue->idle_length--;
  return worker;
}

/* False: it was chosen. */
static bool remove_idle_locked(queue_t *queue, const idle_t *worker) {
  idle_t **link = &queue->idle;
  while (*link != NULL && *link != worker)
    link = &(*link)->next;
  if (*link == NULL)
    return false;
  *link = worker->next;
  queue->idle_length--;
  return true;
}

/* How many may be on their way. A call takes tens of microseconds where the
 * core was asleep: to call the second when the first has come would leave its
 * core without work for as long. */
static size_t calls_at_most(const queue_t *queue) {
  return queue->brisk ? 1
                      : asyncscope__worker_queue_waiting_length(queue) +
                            queue->come_length;
}

idle_t *asyncscope__worker_queue_choose_locked(queue_t *queue) {
  if (queue->idle == NULL || queue->called >= calls_at_most(queue))
    return NULL;
  idle_t *worker = pop_idle_locked(queue);
  worker->called = true;
  queue->called++;
  return worker;
}

/* -1 where the system does not tell. */
static int current_core(void) {
#ifdef __linux__
  return sched_getcpu();
#else
  return -1;
#endif
}

static bool is_on_callers_core(const idle_t *self) {
  int core = current_core();
  return core != -1 && core == self->caller_core;
}

void asyncscope__worker_queue_call(idle_t *worker) {
  if (worker == NULL)
    return;
  worker->caller_core = current_core();
  uv_sem_post(&worker->call);
}

void asyncscope__worker_queue_call_all_locked(queue_t *queue) {
  uv_cond_broadcast(&queue->stand);
  while (queue->idle != NULL)
    asyncscope__worker_queue_call(pop_idle_locked(queue));
}

static bool must_leave(const queue_t *queue) {
  return queue->threads > queue->target || queue->ended;
}

/* True: the worker is idle from here on. */
static bool look_locked(worker_pool_t *pool, idle_t *self,
                        worker_task_t **ret_task) {
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
  push_idle_locked(queue, self);
  uv_cond_broadcast(&queue->stand);
  return true;
}

/* False: it was not called. */
static bool come_locked(queue_t *queue, idle_t *self) {
  bool called = self->called;
  self->called = false;
  queue->called -= called;
  return called;
}

static bool look(worker_pool_t *pool, idle_t *self, worker_task_t **ret_task) {
  queue_t *queue = &pool->queue;
  asyncscope__worker_queue_lock(queue);
  come_locked(queue, self);
  note_row_locked(queue, self);
  queue->crowded = is_on_callers_core(self);
  bool idle = look_locked(pool, self, ret_task);
  idle_t *other = asyncscope__worker_queue_waiting_length(queue) > 0
                      ? asyncscope__worker_queue_choose_locked(queue)
                      : NULL;
  asyncscope__worker_queue_unlock(queue);
  asyncscope__worker_queue_call(other);
  return idle;
}

typedef struct wait_s {
  queue_t *queue;
  idle_t *self;
} wait_t;

/* Under `back`, by one that will not come: who has to in its place, or NULL. */
static idle_t *pass_on_locked(const wait_t *wait) {
  if (!come_locked(wait->queue, wait->self))
    return NULL;
  return asyncscope__worker_queue_choose_locked(wait->queue);
}

static void on_cancelled_while_idle(void *arg) {
  const wait_t *wait = arg;
  uv_mutex_lock(&wait->queue->back);
  bool chosen = !remove_idle_locked(wait->queue, wait->self);
  idle_t *other = pass_on_locked(wait);
  uv_mutex_unlock(&wait->queue->back);
  asyncscope__worker_queue_call(other);
  if (chosen)
    uv_sem_wait(&wait->self->call);
}

static void sleep_until_called(queue_t *queue, idle_t *self) {
  wait_t wait = {queue, self};
  pthread_cleanup_push(on_cancelled_while_idle, &wait);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  uv_sem_wait(&self->call);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_cleanup_pop(0);
}

/* Without a lock, so it may be wrong in both ways. */
static bool is_empty(const queue_t *queue) {
  return asyncscope__worker_queue_waiting_length(queue) == 0 &&
         atomic_load_explicit(&queue->come_first, memory_order_relaxed) ==
             ASYNCSCOPE__PRIORITIES;
}

/* How long a worker looks for more before it sleeps. */
#define LINGER_NS 4000
/* Who had this many without a sleep looks that often only: whoever takes each
 * task as it comes takes the queue's cache lines away from the submitter as
 * often, and both wait for these more than they work. */
#define MANY      64
#define GATHER_NS 2000

/* To fall asleep and be called costs both sides more than a small task does,
 * and a submitter who is at it has put down the next one before that. The core
 * is kept meanwhile: who lets another have it gets it back when that one likes.
 */
static void wait_a_little(const queue_t *queue, idle_t *self) {
  uint64_t now_ns = uv_hrtime(), end_ns = now_ns + LINGER_NS;
  uint64_t next_ns = self->served < MANY ? 0 : self->looked_ns + GATHER_NS;
  while ((now_ns < next_ns || is_empty(queue)) && now_ns < end_ns)
    now_ns = uv_hrtime();
  self->looked_ns = now_ns;
}

/* Whoever stands by looks this often. What was done early in such a time counts
 * for all of it, so a task behind a long one may wait for two of them. */
#define STAND_BY_NS 40000

/* Under `back`: there is something to do, and others are there to do it. */
static bool may_stand_by_locked(const queue_t *queue) {
  size_t waiting =
      asyncscope__worker_queue_waiting_length(queue) + queue->come_length;
  return waiting > 0 && others_awake(queue) > 0 && !must_leave(queue);
}

/* Not on the semaphore: the calls to come are for those who are idle. And not
 * beside one that keeps its submitter from their core: as it does not sleep,
 * the kernel leaves it there for milliseconds, and this one may have a free
 * one. */
static void stand_by(queue_t *queue) {
  uv_mutex_lock(&queue->back);
  pace_t since = pace_now(queue);
  while (queue->brisk && !queue->crowded && may_stand_by_locked(queue)) {
    uv_cond_timedwait(&queue->stand, &queue->back, STAND_BY_NS);
    note_pace_locked(queue, &since);
  }
  uv_mutex_unlock(&queue->back);
}

/* Behind several tasks there are likely to be more soon, behind one are not. */
worker_task_t *asyncscope__worker_queue_take(worker_pool_t *pool,
                                             idle_t *self) {
  worker_task_t *task;
  if (self->served > 1)
    wait_a_little(&pool->queue, self);
  while (look(pool, self, &task)) {
    self->served = 0;
    sleep_until_called(&pool->queue, self);
    stand_by(&pool->queue);
  }
  return task;
}
