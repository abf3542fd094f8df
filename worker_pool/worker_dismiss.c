/* What waits and will not run: it goes home with the reason as its status. */
#include "worker_internal.h"

/* 0: let it wait. */
typedef int (*reason_cb)(const worker_task_t *task, void *arg);

/* The task behind `task`, NULL for the first. */
static worker_task_t *behind(const asyncscope__worker_queue_t *queue,
                             const worker_task_t *task, size_t *list) {
  worker_task_t *next = task == NULL ? queue->waiting[0].head : task->next;
  while (next == NULL && ++*list < ASYNCSCOPE__PRIORITIES)
    next = queue->waiting[*list].head;
  return next;
}

static void dismiss_locked(worker_pool_t *pool, reason_cb reason, void *arg) {
  size_t list = 0;
  asyncscope__worker_queue_move_up_locked(&pool->queue);
  worker_task_t *next, *task = behind(&pool->queue, NULL, &list);
  for (; task != NULL; task = next) {
    next = behind(&pool->queue, task, &list);
    int status = reason(task, arg);
    if (status != 0)
      asyncscope__worker_queue_send_home_locked(pool, task, status);
  }
  asyncscope__worker_queue_tell_end_locked(pool);
}

static void dismiss(worker_pool_t *pool, reason_cb reason, void *arg) {
  asyncscope__worker_queue_lock(&pool->queue);
  dismiss_locked(pool, reason, arg);
  asyncscope__worker_queue_unlock(&pool->queue);
}

bool asyncscope__worker_queue_cancel(worker_pool_t *pool, worker_task_t *task) {
  asyncscope__worker_queue_lock(&pool->queue);
  asyncscope__worker_queue_move_up_locked(&pool->queue);
  bool waits = task->state == ASYNCSCOPE__TASK_QUEUED;
  if (waits)
    asyncscope__worker_queue_send_home_locked(pool, task, UV_ECANCELED);
  asyncscope__worker_queue_tell_end_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
  return waits;
}

static int belongs_to(const worker_task_t *task, void *port) {
  return port == NULL || task->port == port ? UV_ECANCELED : 0;
}

void asyncscope__worker_queue_cancel_all(worker_pool_t *pool,
                                         worker_port_t *port) {
  dismiss(pool, belongs_to, port);
}

typedef struct due_s {
  const worker_port_t *port;
  uint64_t now_ns, earliest_ns;
} due_t;

static int is_due(const worker_task_t *task, void *arg) {
  due_t *due = arg;
  if (task->port != due->port || task->deadline_ns == 0)
    return 0;
  if (task->deadline_ns <= due->now_ns)
    return UV_ETIMEDOUT;
  if (due->earliest_ns == 0 || task->deadline_ns < due->earliest_ns)
    due->earliest_ns = task->deadline_ns;
  return 0;
}

uint64_t asyncscope__worker_queue_expire(worker_pool_t *pool,
                                         const worker_port_t *port,
                                         uint64_t now_ns) {
  due_t due = {.port = port, .now_ns = now_ns};
  dismiss(pool, is_due, &due);
  return due.earliest_ns;
}

static int nobody_is_left(const worker_task_t *task, void *queue) {
  (void)task;
  return ((asyncscope__worker_queue_t *)queue)->present == 0 ? UV_EAGAIN : 0;
}

void asyncscope__worker_queue_give_up_locked(worker_pool_t *pool) {
  dismiss_locked(pool, nobody_is_left, &pool->queue);
}

void asyncscope__worker_queue_give_up(worker_pool_t *pool) {
  dismiss(pool, nobody_is_left, &pool->queue);
}
