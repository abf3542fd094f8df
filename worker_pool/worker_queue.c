/* The bounded queue between submitters and workers.
 *
 * What must stay true, under both locks:
 * - places = room + those reserved + come_length + waiting_seen. A place is
 *   reserved before init fires and filled after it, so that a refused task has
 *   fired nothing and no hook runs under a lock. What workers have taken since
 *   waiting_seen is given back when somebody finds no room.
 * - Of equals, those in `waiting` came before those in `come`.
 * - A task's state is QUEUED exactly while it is in either.
 * - A task that will not run goes from the queue into its port's list without
 *   letting go of the lock: a task on nobody's list would be missed by the end.
 * - The end is: closing, and no place is left, no thread is being made, no
 *   resize on its way. It never turns back, and whoever brings it about wakes
 *   all workers.
 * - threads are those that will take another task; a worker that is told
 *   to leave is counted out at once, but stays in `present` until it has left.
 *   With none present nothing waits: there is nobody to run it. */
#include "worker_internal.h"

#include "asyncscope/async_request.h"

typedef asyncscope__worker_queue_t queue_t;

/* The locks are held for a few instructions: whoever finds one taken does
 * better to try a little than to sleep at once, where the C library offers
 * that. */
static int init_lock(uv_mutex_t *lock) {
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
  static const uv_mutex_t unlocked = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
  *lock = unlocked;
  return 0;
#else
  return uv_mutex_init(lock);
#endif
}

static int init_conditions(queue_t *queue) {
  int error = uv_cond_init(&queue->gone);
  if (error != 0)
    return error;
  error = uv_cond_init(&queue->stand);
  if (error != 0)
    uv_cond_destroy(&queue->gone);
  return error;
}

static int init_back(queue_t *queue) {
  int error = init_lock(&queue->back);
  if (error != 0)
    return error;
  error = init_conditions(queue);
  if (error != 0)
    uv_mutex_destroy(&queue->back);
  return error;
}

static void finish_back(queue_t *queue) {
  uv_cond_destroy(&queue->stand);
  uv_cond_destroy(&queue->gone);
  uv_mutex_destroy(&queue->back);
}

int asyncscope__worker_queue_init(queue_t *queue, size_t max) {
  int error = init_back(queue);
  if (error != 0)
    return error;
  error = init_lock(&queue->front);
  if (error != 0)
    finish_back(queue);
  queue->places = max;
  atomic_init(&queue->room, max);
  atomic_init(&queue->come_first, ASYNCSCOPE__PRIORITIES);
  return error;
}

void asyncscope__worker_queue_finish(queue_t *queue) {
  uv_mutex_destroy(&queue->front);
  finish_back(queue);
}

void asyncscope__worker_queue_lock(queue_t *queue) {
  uv_mutex_lock(&queue->front);
  uv_mutex_lock(&queue->back);
}

void asyncscope__worker_queue_unlock(queue_t *queue) {
  uv_mutex_unlock(&queue->back);
  uv_mutex_unlock(&queue->front);
}

size_t asyncscope__worker_queue_waiting_length(const queue_t *queue) {
  return atomic_load_explicit(&queue->waiting_length, memory_order_relaxed);
}

uint64_t asyncscope__worker_queue_completed(const queue_t *queue) {
  return atomic_load_explicit(&queue->completed, memory_order_relaxed);
}

void asyncscope__worker_queue_end_active_locked(queue_t *queue) {
  queue->info.active--;
  atomic_store_explicit(&queue->completed,
                        asyncscope__worker_queue_completed(queue) + 1,
                        memory_order_relaxed);
}

static void set_waiting_length(queue_t *queue, size_t length) {
  atomic_store_explicit(&queue->waiting_length, length, memory_order_relaxed);
}

/* The place of the first list with a task in it. */
static unsigned first_list(const asyncscope__task_list_t *lists) {
  unsigned place = 0;
  while (place < ASYNCSCOPE__PRIORITIES && lists[place].head == NULL)
    place++;
  return place;
}

static void give_back(queue_t *queue, size_t places) {
  if (queue->closing)
    queue->places -= places;
  else
    atomic_fetch_add_explicit(&queue->room, places, memory_order_relaxed);
}

/* Looks at the front, where workers write, under the back's lock alone. */
static void look_at_front(queue_t *queue) {
  size_t length = asyncscope__worker_queue_waiting_length(queue);
  give_back(queue, queue->waiting_seen - length);
  queue->waiting_seen = length;
}

void asyncscope__worker_queue_move_up_locked(queue_t *queue) {
  look_at_front(queue);
  for (unsigned i = 0; i < ASYNCSCOPE__PRIORITIES; i++)
    asyncscope__task_list_move(&queue->waiting[i], &queue->come[i]);
  queue->waiting_seen += queue->come_length;
  set_waiting_length(queue, queue->waiting_seen);
  queue->come_length = 0;
  atomic_store_explicit(&queue->come_first, ASYNCSCOPE__PRIORITIES,
                        memory_order_relaxed);
}

void asyncscope__worker_queue_tell_end_locked(worker_pool_t *pool) {
  queue_t *queue = &pool->queue;
  if (!queue->closing)
    return;
  look_at_front(queue);
  if (queue->places + queue->starting + queue->resizing > 0)
    return;
  queue->ended = true;
  asyncscope__worker_queue_call_all_locked(queue);
  asyncscope__worker_ports_end_locked(pool);
}

static bool take_room(queue_t *queue) {
  size_t room = atomic_load_explicit(&queue->room, memory_order_relaxed);
  while (room > 0)
    if (atomic_compare_exchange_weak_explicit(&queue->room, &room, room - 1,
                                              memory_order_relaxed,
                                              memory_order_relaxed))
      return true;
  return false;
}

static int find_room_locked(queue_t *queue) {
  look_at_front(queue);
  if (take_room(queue))
    return 0;
  queue->rejected++;
  return queue->closing ? UV_ECANCELED : UV_EAGAIN;
}

int asyncscope__worker_queue_reserve(worker_pool_t *pool) {
  queue_t *queue = &pool->queue;
  if (take_room(queue))
    return 0;
  uv_mutex_lock(&queue->back);
  int error = find_room_locked(queue);
  uv_mutex_unlock(&queue->back);
  return error;
}

void asyncscope__worker_queue_unreserve(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  give_back(&pool->queue, 1);
  pool->queue.rejected++;
  asyncscope__worker_queue_tell_end_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
}

static void put_locked(queue_t *queue, worker_task_t *task) {
  task->state = ASYNCSCOPE__TASK_QUEUED;
  asyncscope__task_list_push(&queue->come[task->priority], task);
  if (task->priority <
      atomic_load_explicit(&queue->come_first, memory_order_relaxed))
    atomic_store_explicit(&queue->come_first, task->priority,
                          memory_order_relaxed);
  queue->come_length++;
  queue->submitted++;
  if (queue->peak < queue->come_length + queue->waiting_seen)
    look_at_front(queue);
  if (queue->peak < queue->come_length + queue->waiting_seen)
    queue->peak = queue->come_length + queue->waiting_seen;
}

/* A thread that died and could not be replaced is made up for, or there is
 * nobody to run the task. Threads that others make now are not waited for. */
static void find_worker(worker_pool_t *pool) {
  if (asyncscope__worker_pool_fill(pool) != 0)
    asyncscope__worker_queue_give_up(pool);
}

/* The rest may follow the unlock: the pool cannot go before the submitter's
 * loop, which is here, has called done. */
void asyncscope__worker_queue_push(worker_pool_t *pool, worker_task_t *task) {
  queue_t *queue = &pool->queue;
  uv_mutex_lock(&queue->back);
  put_locked(queue, task);
  asyncscope__worker_idle_t *worker =
      asyncscope__worker_queue_choose_locked(queue);
  bool is_short =
      queue->resizing == 0 && asyncscope__worker_pool_is_short_locked(pool);
  uv_mutex_unlock(&queue->back);
  asyncscope__worker_queue_call(worker);
  if (is_short)
    find_worker(pool);
}

static void take_out(queue_t *queue, worker_task_t *task) {
  asyncscope__task_list_remove(&queue->waiting[task->priority], task);
  task->state = ASYNCSCOPE__TASK_TAKEN;
  set_waiting_length(queue, asyncscope__worker_queue_waiting_length(queue) - 1);
}

void asyncscope__worker_queue_send_home_locked(worker_pool_t *pool,
                                               worker_task_t *task,
                                               int status) {
  worker_port_t *port = task->port;
  take_out(&pool->queue, task);
  async_request_queue_left(task->frame, task->since_ns, uv_hrtime());
  if (status == UV_ETIMEDOUT)
    pool->queue.info.timed_out++;
  else
    pool->queue.info.cancelled++;
  if (asyncscope__worker_port_post_locked(port, task, status))
    asyncscope__worker_port_send_locked(port);
}

static int status_at_start(const queue_t *queue, const worker_task_t *task) {
  if (queue->discard)
    return UV_ECANCELED;
  bool late = task->deadline_ns != 0 && task->deadline_ns <= uv_hrtime();
  return late ? UV_ETIMEDOUT : 0;
}

worker_task_t *asyncscope__worker_queue_take_locked(worker_pool_t *pool) {
  queue_t *queue = &pool->queue;
  unsigned place;
  while ((place = first_list(queue->waiting)) < ASYNCSCOPE__PRIORITIES) {
    worker_task_t *task = queue->waiting[place].head;
    int status = status_at_start(queue, task);
    if (status == 0) {
      take_out(queue, task);
      queue->info.active++;
      return task;
    }
    asyncscope__worker_queue_send_home_locked(pool, task, status);
  }
  return NULL;
}

/* Of what waits at the front, and of the back only what goes before that: the
 * rest is fetched all together, which take() sees to as to closing and the
 * like. */
static worker_task_t *take_at_hand(worker_pool_t *pool) {
  queue_t *queue = &pool->queue;
  unsigned first = first_list(queue->waiting);
  if (first == ASYNCSCOPE__PRIORITIES || queue->closing ||
      queue->threads > queue->target)
    return NULL;
  if (atomic_load_explicit(&queue->come_first, memory_order_relaxed) < first) {
    uv_mutex_lock(&queue->back);
    asyncscope__worker_queue_move_up_locked(queue);
    uv_mutex_unlock(&queue->back);
  }
  return asyncscope__worker_queue_take_locked(pool);
}

worker_task_t *asyncscope__worker_queue_worked(worker_pool_t *pool,
                                               worker_task_t *task,
                                               uint64_t waited_ns,
                                               uint64_t worked_ns) {
  queue_t *queue = &pool->queue;
  worker_port_t *port = task->port;
  uv_mutex_lock(&queue->front);
  task->state = ASYNCSCOPE__TASK_WORKED; /* a canceller looks at it */
  asyncscope__worker_queue_end_active_locked(queue);
  queue->info.waited_ns += waited_ns;
  queue->info.worked_ns += worked_ns;
  bool send = asyncscope__worker_port_post_locked(port, task, task->status);
  if (send)
    asyncscope__worker_port_send(port);
  worker_task_t *next = take_at_hand(pool);
  worker_task_t *after = next == NULL ? NULL : next->next;
  uv_mutex_unlock(&queue->front);
  asyncscope__task_prefetch(after); /* another may have taken it */
  if (send)
    async_env_batch_begin(); /* it took time */
  return next;
}

void asyncscope__worker_queue_close(worker_pool_t *pool, bool discard) {
  asyncscope__worker_queue_lock(&pool->queue);
  pool->queue.closing = true;
  pool->queue.discard = discard;
  pool->queue.places -=
      atomic_exchange_explicit(&pool->queue.room, 0, memory_order_relaxed);
  asyncscope__worker_queue_tell_end_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
}

void asyncscope__worker_queue_info(worker_pool_t *pool,
                                   worker_pool_info_t *ret_info) {
  queue_t *queue = &pool->queue;
  asyncscope__worker_queue_lock(queue);
  *ret_info = queue->info;
  ret_info->threads = queue->threads;
  ret_info->completed = asyncscope__worker_queue_completed(queue);
  ret_info->submitted = queue->submitted;
  ret_info->rejected = queue->rejected;
  ret_info->queued =
      queue->come_length + asyncscope__worker_queue_waiting_length(queue);
  ret_info->queued_peak = queue->peak;
  asyncscope__worker_queue_unlock(queue);
}
