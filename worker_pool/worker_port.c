/* Where completions come home: one uv_async_t for each loop that submits, and
 * one uv_timer_t for the deadlines of what waits.
 *
 * What must stay true:
 * - The handle is sent to only under queue.front, or by a thread that counts in
 *   `sending` or has a task of this port at hand, and only while a task is
 *   pending or the port is in the pool's list. It is closed when nothing is
 *   pending, it has left the list and nobody is sending. So nobody sends to a
 *   closed handle.
 * - `told` says that the loop will come and take the list. One uv_async_send()
 *   for each batch: whoever finds it not told sends, and the loop takes the
 *   whole list. It is told when the first task is in the list at the latest:
 *   if it came before that, it is not told any more.
 * - The handle is referenced exactly while a task is pending or the pool is
 *   being closed from this loop: uv_run() ends by itself, and not before.
 * - Once `end` is set nothing is posted any more, so the batch taken with it
 *   is the last one. The closing loop's port is told last, when all others
 *   have left the list.
 * - The timer is set no later than the earliest deadline of what of this loop
 *   waits, so a task ends in time also while every worker is busy. It never
 *   keeps the loop alive: the pending task does.
 * - Tasks that are under way hold their submitter's frame until they are
 *   delivered. Those of a port that are in one frame share a reference: a frame
 *   that threads share is counted atomically, so it costs one for a batch.
 * - A task's memory is the submitter's again when done is called: what is
 *   still needed of it has been copied to the stack. */
#include "worker_internal.h"

#include "asyncscope/async_allocator.h"
#include <pthread.h>

int asyncscope__worker_port_create(worker_pool_t *pool,
                                   worker_port_t **ret_port) {
  worker_port_t *port = async_calloc(1, sizeof(*port));
  if (port == NULL)
    return UV_ENOMEM;
  int error = uv_cond_init(&port->news);
  if (error != 0) {
    async_free(port);
    return error;
  }
  port->pool = pool;
  *ret_port = port;
  return 0;
}

void asyncscope__worker_port_destroy(worker_port_t *port) {
  if (port == NULL)
    return;
  uv_cond_destroy(&port->news);
  async_free(port);
}

async_context_frame_t *asyncscope__worker_port_hold_frame(worker_port_t *port) {
  async_context_frame_t *frame = async_context_frame_current();
  bool held = port->frame_tasks > 0 && port->frame == frame;
  if (!held)
    async_context_frame_retain(frame);
  if (port->frame_tasks == 0)
    port->frame = frame;
  port->frame_tasks += port->frame == frame;
  return frame;
}

/* Which of the references to a frame is dropped makes no difference. */
void asyncscope__worker_port_drop_frame(worker_port_t *port,
                                        async_context_frame_t *frame) {
  if (port->frame_tasks > 0 && port->frame == frame && --port->frame_tasks > 0)
    return;
  async_context_frame_release(frame);
}

/* Inside the task's scope, whose entry has read the clock. */
static void record_delay(worker_port_t *port, const worker_task_t *task) {
  uint64_t now_ns = async_env_now_ns();
  if (task->state == ASYNCSCOPE__TASK_WORKED && task->since_ns <= now_ns)
    asyncscope__worker_times_record(port->times, task, ASYNCSCOPE__DELAYED,
                                    now_ns - task->since_ns);
}

/* Task by task, so that a done callback that runs the loop again finds the
 * rest of the batch. */
static void deliver_one(worker_port_t *port, worker_task_t *task) {
  bool entered = async_callback_scope_open(&task->resource) == 0;
  async_resource_t resource = task->resource;
  async_context_frame_t *frame = task->frame;
  worker_task_t *own = task->ours ? task : NULL;
  port->pending--;
  record_delay(port, task);
  if (task->done != NULL)
    task->done(task, task->status);
  if (entered)
    async_callback_scope_close_last(&resource);
  else
    async_resource_finish(&resource);
  asyncscope__worker_port_drop_frame(port, frame);
  async_free(own);
}

/* How many there were. */
static size_t deliver(worker_port_t *port) {
  worker_task_t *task;
  size_t count = 0;
  port->delivering++;
  async_env_batch_begin();
  for (; (task = asyncscope__task_list_pop(&port->arrived)) != NULL; count++) {
    asyncscope__task_prefetch(port->arrived.head);
    deliver_one(port, task);
  }
  async_env_batch_end();
  port->delivering--;
  if (port->pending == 0 && !port->closer)
    uv_unref((uv_handle_t *)&port->async);
  return count;
}

static void take_news_locked(worker_port_t *port) {
  port->told = false;
  asyncscope__task_list_move(&port->arrived, &port->done);
  port->end_seen = port->end;
}

/* Of the two handles the last one. */
static void on_closed(uv_handle_t *handle) {
  worker_port_t *port = handle->data;
  worker_pool_t *pool = port->closer ? port->pool : NULL;
  if (--port->open > 0)
    return;
  asyncscope__worker_port_destroy(port);
  if (pool != NULL)
    asyncscope__worker_pool_ended(pool);
}

/* Under `front`. */
static void await_news_locked(worker_port_t *port) {
  port->awaited = true;
  uv_cond_wait(&port->news, &port->pool->queue.front);
  port->awaited = false;
}

static void tell_news_locked(worker_port_t *port) {
  if (port->awaited)
    uv_cond_signal(&port->news);
}

static void leave_list(worker_port_t *port) {
  worker_pool_t *pool = port->pool;
  uv_mutex_lock(&pool->queue.front);
  while (port->sending > 0)
    await_news_locked(port);
  uv_mutex_lock(&pool->queue.back);
  *port->link = port->next;
  if (port->next != NULL)
    port->next->link = port->link;
  asyncscope__worker_times_give_locked(port->times);
  asyncscope__worker_ports_end_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
}

/* Unless this is the closing loop's port, the pool may be gone as soon as the
 * list is left. */
static void close_port(worker_port_t *port) {
  if (port->closer)
    asyncscope__worker_pool_join(port->pool);
  leave_list(port);
  uv_close((uv_handle_t *)&port->deadlines, on_closed);
  uv_close((uv_handle_t *)&port->async, on_closed);
}

static size_t take_and_deliver(worker_port_t *port) {
  uv_mutex_lock(&port->pool->queue.front);
  take_news_locked(port);
  uv_mutex_unlock(&port->pool->queue.front);
  return deliver(port);
}

/* Behind as many as this the next ones are done in a moment. To fall asleep and
 * be woken for each few of them costs loop and worker more than they do. */
#define MANY      16
#define LINGER_NS 1000
/* Where fewer come in that time a worker does better with the core. */
#define FEW 4
/* So long at most the loop's other handles wait for that. */
#define AWAY_NS 50000

/* Without a look at what a worker writes meanwhile: it would take that one's
 * cache line away each time. */
static void wait_a_little(void) {
  uint64_t end_ns = async_env_read_clock_ns() + LINGER_NS;
  while (async_env_read_clock_ns() < end_ns)
    continue;
}

static void deliver_row(worker_port_t *port) {
  uint64_t began_ns = async_env_read_clock_ns();
  size_t count = take_and_deliver(port), enough = MANY;
  while (count >= enough && port->pending > 0 &&
         async_env_now_ns() - began_ns < AWAY_NS) {
    wait_a_little();
    count = take_and_deliver(port);
    enough = FEW;
  }
}

static void on_async(uv_async_t *async) {
  worker_port_t *port = async->data;
  deliver_row(port);
  if (port->delivering > 0 || !port->end_seen)
    return;
  async_env_remove_cleanup_hook(&port->cleanup);
  close_port(port);
}

static void wait_for_news(worker_port_t *port) {
  uv_mutex_t *front = &port->pool->queue.front;
  uv_mutex_lock(front);
  while (port->done.head == NULL && !port->end)
    await_news_locked(port);
  take_news_locked(port);
  uv_mutex_unlock(front);
}

/* The loop goes: nothing of it may wait any longer, and what runs is waited
 * for. The one place where asyncscope blocks a loop's thread. The hook stays
 * in the thread's list meanwhile, so that a submit finds the port and is
 * refused. */
static void on_detach(async_env_cleanup_t *cleanup) {
  worker_port_t *port = (worker_port_t *)cleanup;
  async_env_add_cleanup_hook(cleanup, on_detach);
  port->detaching = true;
  asyncscope__worker_queue_cancel_all(port->pool, port);
  while (port->pending > 0 || (port->closer && !port->end_seen)) {
    wait_for_news(port);
    deliver(port);
  }
  async_env_remove_cleanup_hook(cleanup);
  close_port(port);
}

static void enter_list(worker_port_t *port) {
  worker_pool_t *pool = port->pool;
  asyncscope__worker_queue_lock(&pool->queue);
  port->next = pool->ports;
  port->link = &pool->ports;
  if (port->next != NULL)
    port->next->link = &port->next;
  pool->ports = port;
  asyncscope__worker_queue_unlock(&pool->queue);
}

static void open_timer(worker_port_t *port) {
  uv_timer_init(port->async.loop, &port->deadlines);
  uv_unref((uv_handle_t *)&port->deadlines);
  port->async.data = port->deadlines.data = port;
  port->open = 2;
}

int asyncscope__worker_port_open(worker_port_t *port) {
  port->cleanup.data = port->pool;
  int error = async_env_add_cleanup_hook(&port->cleanup, on_detach);
  if (error != 0)
    return error;
  error = uv_async_init(async_env_loop(), &port->async, on_async);
  if (error != 0) {
    async_env_remove_cleanup_hook(&port->cleanup);
    return error;
  }
  uv_unref((uv_handle_t *)&port->async);
  open_timer(port);
  enter_list(port);
  return 0;
}

/* Among the thread's cleanup hooks, which need no lock. */
worker_port_t *asyncscope__worker_port_find(const worker_pool_t *pool) {
  return (worker_port_t *)async_env_find_cleanup_hook(on_detach, pool);
}

static void start_timer(worker_port_t *port, uint64_t deadline_ns);

/* A loop's time lags behind the clock, so it may be called a little early. */
static void on_deadline(uv_timer_t *timer) {
  worker_port_t *port = timer->data;
  uint64_t earliest_ns =
      asyncscope__worker_queue_expire(port->pool, port, uv_hrtime());
  port->earliest_ns = 0;
  if (earliest_ns != 0)
    start_timer(port, earliest_ns);
}

static void start_timer(worker_port_t *port, uint64_t deadline_ns) {
  uint64_t now_ns = uv_hrtime();
  uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
  port->earliest_ns = deadline_ns;
  uv_timer_start(&port->deadlines, on_deadline, left_ns / 1000000 + 1, 0);
}

void asyncscope__worker_port_watch(worker_port_t *port, uint64_t deadline_ns) {
  if (port->earliest_ns == 0 || deadline_ns < port->earliest_ns)
    start_timer(port, deadline_ns);
}

void asyncscope__worker_port_expect(worker_port_t *port) {
  if (port->pending++ == 0)
    uv_ref((uv_handle_t *)&port->async);
}

void asyncscope__worker_port_expect_close(worker_port_t *port) {
  port->closer = true;
  uv_ref((uv_handle_t *)&port->async);
}

static bool tell_locked(worker_port_t *port) {
  bool told = port->told;
  port->told = true;
  return !told;
}

bool asyncscope__worker_port_post_locked(worker_port_t *port,
                                         worker_task_t *task, int status) {
  bool send = tell_locked(port);
  task->status = status;
  asyncscope__task_list_push(&port->done, task);
  tell_news_locked(port);
  port->sending += send;
  return send;
}

static void end_send_locked(worker_port_t *port) {
  port->sending--;
  tell_news_locked(port);
}

/* Writes, which is a cancellation point. */
static void send_uncut(worker_port_t *port) {
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  uv_async_send(&port->async);
  pthread_setcancelstate(before, NULL);
}

void asyncscope__worker_port_send_ahead(worker_port_t *port) {
  uv_mutex_lock(&port->pool->queue.front);
  bool send = tell_locked(port);
  uv_mutex_unlock(&port->pool->queue.front);
  if (send)
    send_uncut(port);
}

void asyncscope__worker_port_send_locked(worker_port_t *port) {
  send_uncut(port);
  end_send_locked(port);
}

/* The loop's thread, woken, would have to wait for the lock. */
void asyncscope__worker_port_send(worker_port_t *port) {
  uv_mutex_t *front = &port->pool->queue.front;
  uv_mutex_unlock(front);
  send_uncut(port);
  uv_mutex_lock(front);
  end_send_locked(port);
}

static void tell_end_locked(worker_port_t *port) {
  if (port->end)
    return;
  port->end = true;
  port->sending++;
  asyncscope__worker_port_send_locked(port);
}

void asyncscope__worker_ports_end_locked(worker_pool_t *pool) {
  if (pool->queue.present > 0 || !pool->queue.ended)
    return;
  bool alone = pool->ports != NULL && pool->ports->next == NULL;
  for (worker_port_t *port = pool->ports; port != NULL; port = port->next)
    if (port != pool->closer || alone)
      tell_end_locked(port);
}
