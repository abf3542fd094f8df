/* The pool from the inside. Read this page, then worker_pool.c, worker_queue.c,
 * worker_thread.c, worker_port.c.
 *
 *   loop thread: submit --> [ queue ] --> worker thread: work
 *   loop thread: done  <--- [ port  ] <--- worker thread: post
 *
 * One queue for the pool, one port for each loop that submits. A task is in
 * one place at a time: with its submitter, in the queue, on a worker, or in
 * its port's list. Who takes it out of a list alone touches it.
 *
 * Locks: queue.lock, then port.lock; a worker holds neither while it works,
 * and no callback of the user's, init hooks among them, runs under either. */
#ifndef ASYNCSCOPE_WORKER_INTERNAL_H
#define ASYNCSCOPE_WORKER_INTERNAL_H

#include "asyncscope/async_env.h"
#include "asyncscope/worker_pool.h"

enum asyncscope__worker_task_state_e {
  ASYNCSCOPE__TASK_TAKEN, /* by a worker, by cancel, or done */
  ASYNCSCOPE__TASK_QUEUED
};

/* First in, first out. */
typedef struct asyncscope__task_list_s {
  worker_task_t *head, *tail;
} asyncscope__task_list_t;

static inline void asyncscope__task_list_push(asyncscope__task_list_t *list,
                                              worker_task_t *task) {
  task->next = NULL;
  task->prev = list->tail;
  if (list->tail == NULL)
    list->head = task;
  else
    list->tail->next = task;
  list->tail = task;
}

static inline void asyncscope__task_list_remove(asyncscope__task_list_t *list,
                                                worker_task_t *task) {
  if (task->prev == NULL)
    list->head = task->next;
  else
    task->prev->next = task->next;
  if (task->next == NULL)
    list->tail = task->prev;
  else
    task->next->prev = task->prev;
}

/* All of `from` behind `to`. */
static inline void asyncscope__task_list_move(asyncscope__task_list_t *to,
                                              asyncscope__task_list_t *from) {
  if (from->head == NULL)
    return;
  from->head->prev = to->tail;
  if (to->tail == NULL)
    to->head = from->head;
  else
    to->tail->next = from->head;
  to->tail = from->tail;
  from->head = from->tail = NULL;
}

/* NULL when empty. */
static inline worker_task_t *asyncscope__task_list_pop(
    asyncscope__task_list_t *list) {
  worker_task_t *task = list->head;
  if (task != NULL)
    asyncscope__task_list_remove(list, task);
  return task;
}

/* Everything is guarded by `lock`. */
typedef struct asyncscope__worker_queue_s {
  uv_mutex_t lock;
  uv_cond_t wake; /* workers: a task has come, or the end */
  asyncscope__task_list_t waiting;
  size_t length;           /* of `waiting` */
  size_t reserved;         /* places of tasks whose init fires now */
  size_t max;              /* length + reserved never exceed it */
  bool closing;            /* no further reservation */
  bool discard;            /* with closing: what waits is cancelled, not run */
  worker_pool_info_t info; /* but for `queued`, which is `length` */
} asyncscope__worker_queue_t;

typedef struct worker_port_s worker_port_t;

struct worker_port_s {
  uv_async_t async;
  async_env_cleanup_t cleanup;
  worker_pool_t *pool;
  worker_port_t *next, **link; /* pool->ports; guarded by queue.lock */

  /* The loop thread's alone. */
  size_t pending; /* accepted, done not begun */
  asyncscope__task_list_t arrived;
  unsigned delivering; /* depth: a done callback may run the loop */
  bool closer;         /* worker_pool_close() was called on this loop */
  bool detaching;
  bool end_seen;

  uv_mutex_t lock;
  /* Guarded by `lock`. */
  uv_cond_t news; /* for the detaching thread: done or end have changed */
  asyncscope__task_list_t done;
  bool end; /* nothing will ever be posted again: close yourself */
};

typedef struct asyncscope__worker_s {
  worker_pool_t *pool;
  size_t index;
  uv_thread_t thread;
  int status; /* of its environment; written before `started` is posted */
} asyncscope__worker_t;

struct worker_pool_s {
  asyncscope__worker_queue_t queue;

  /* Guarded by queue.lock. */
  worker_port_t *ports;
  worker_port_t *closer; /* where on_closed is to be called; set once */
  worker_port_t *spare;  /* so that closing needs no memory; NULL: claimed */

  /* The closing loop's alone. */
  async_resource_t resource;
  worker_pool_closed_cb on_closed;
  void *on_closed_arg;

  /* Fixed from create on. */
  char name[ASYNC_ENV_NAME_BYTES];
  uv_sem_t started; /* posted once by each thread */
  size_t count;
  asyncscope__worker_t workers[];
};

/* worker_queue.c */
int asyncscope__worker_queue_init(asyncscope__worker_queue_t *queue,
                                  size_t max);
void asyncscope__worker_queue_finish(asyncscope__worker_queue_t *queue);
/* Takes a place: 0, UV_EAGAIN when full, UV_ECANCELED when closing. The
 * workers stay until it is given back or used. */
int asyncscope__worker_queue_reserve(asyncscope__worker_queue_t *queue);
void asyncscope__worker_queue_unreserve(asyncscope__worker_queue_t *queue);
/* Puts `task` into the place taken. It may be done when this returns. */
void asyncscope__worker_queue_push(asyncscope__worker_queue_t *queue,
                                   worker_task_t *task);
/* The worker's: the oldest task, waiting for one if need be, with its status:
 * 0 to run it, UV_ECANCELED not to. NULL at the end. */
worker_task_t *asyncscope__worker_queue_take(asyncscope__worker_queue_t *queue);
/* The worker's: what it took to run has run. */
void asyncscope__worker_queue_worked(asyncscope__worker_queue_t *queue,
                                     uint64_t waited_ns, uint64_t worked_ns);
/* Sends home what waits: `task`, false when it does not wait any more; or all
 * that belongs to `port`, NULL for all. */
bool asyncscope__worker_queue_cancel(asyncscope__worker_queue_t *queue,
                                     worker_task_t *task);
void asyncscope__worker_queue_cancel_all(asyncscope__worker_queue_t *queue,
                                         const worker_port_t *port);
void asyncscope__worker_queue_close(asyncscope__worker_queue_t *queue,
                                    bool discard);

/* worker_thread.c */
int asyncscope__worker_start(worker_pool_t *pool, size_t index);

/* worker_port.c */
/* Closed, and known to nobody. */
int asyncscope__worker_port_create(worker_pool_t *pool,
                                   worker_port_t **ret_port);
void asyncscope__worker_port_destroy(worker_port_t *port);
/* Puts it on the calling thread's loop and into the pool's list. On error it
 * is as before. */
int asyncscope__worker_port_open(worker_port_t *port);
/* Of the calling thread's loop, or NULL. */
worker_port_t *asyncscope__worker_port_find(worker_pool_t *pool);
/* The loop thread's: a task is about to set out. */
void asyncscope__worker_port_expect(worker_port_t *port);
/* The loop thread's: on_closed will be called on this loop. */
void asyncscope__worker_port_expect_close(worker_port_t *port);
/* Any thread: `task` goes home. It may be gone when this returns. */
void asyncscope__worker_port_post(worker_task_t *task, int status);
/* Any thread, under queue.lock: sets `end` where it is due. */
void asyncscope__worker_ports_end(worker_pool_t *pool);

/* worker_pool.c */
/* The closing loop's, when the last worker has left and no port but the
 * closing one is open: waits for the threads' last instructions. */
void asyncscope__worker_pool_join(worker_pool_t *pool);
/* Then, with that port closed too: gives the pool's memory back and calls
 * on_closed. */
void asyncscope__worker_pool_ended(worker_pool_t *pool);

#endif
