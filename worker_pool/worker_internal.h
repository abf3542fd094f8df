/* The pool from the inside. Read this page, then worker_pool.c, worker_queue.c,
 * worker_thread.c, worker_port.c; beside the way of a task lie worker_size.c,
 * worker_close.c, worker_times.c and worker_run.c.
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
#include "asyncscope/async_histogram.h"
#include "asyncscope/worker_pool.h"
#include <stdatomic.h>

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

enum {
  ASYNCSCOPE__PRIORITIES = WORKER_PRIORITY_HIGH - WORKER_PRIORITY_LOW + 1
};

/* Everything is guarded by `lock`. */
typedef struct asyncscope__worker_queue_s {
  uv_mutex_t lock;
  uv_cond_t wake; /* workers: a task has come, or it is time to leave */
  asyncscope__task_list_t waiting[ASYNCSCOPE__PRIORITIES]; /* highest first */
  size_t length;           /* of `waiting`, all together */
  size_t reserved;         /* places of tasks whose init fires now */
  size_t resizing;         /* calls that make threads now */
  size_t max;              /* length + reserved never exceed it */
  size_t target;           /* threads wanted; info.threads are in service */
  size_t idle;             /* workers that wait for news */
  bool waking;             /* one of them was woken and has not come yet */
  size_t starting;         /* threads being made, claimed by their makers */
  size_t present;          /* threads that may still touch the pool */
  bool closing;            /* no further reservation */
  bool discard;            /* with closing: what waits is cancelled, not run */
  worker_pool_info_t info; /* but for `queued`, which is `length` */
} asyncscope__worker_queue_t;

enum asyncscope__worker_span_e {
  ASYNCSCOPE__WAITED, /* between submit and start */
  ASYNCSCOPE__WORKED,
  ASYNCSCOPE__DELAYED, /* between the end of the work and done */
  ASYNCSCOPE__SPANS
};

/* The times of one type of task. */
typedef struct asyncscope__worker_times_s {
  _Atomic(const char *) type; /* NULL: not seen yet; set once */
  async_histogram_t spans[ASYNCSCOPE__SPANS];
} asyncscope__worker_times_t;

typedef struct worker_port_s worker_port_t;

struct worker_port_s {
  uv_async_t async;
  uv_timer_t deadlines; /* runs while a task with a deadline may wait */
  unsigned open;        /* handles not closed yet */
  async_env_cleanup_t cleanup;
  worker_pool_t *pool;
  worker_port_t *next, **link; /* pool->ports; guarded by queue.lock */

  /* The loop thread's alone. */
  size_t pending;       /* accepted, done not begun */
  uint64_t earliest_ns; /* what `deadlines` is set to; 0: not running */
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

struct worker_pool_s {
  asyncscope__worker_queue_t queue;

  /* Guarded by queue.lock. */
  worker_port_t *ports;
  worker_port_t *closer; /* where on_closed is to be called; set once */
  worker_port_t *spare;  /* so that closing needs no memory; NULL: claimed */
  size_t named;          /* threads that were given a number */
  /* The last thread to leave: whoever leaves joins the one before, so that
   * joining it is joining all. */
  uv_thread_t left;
  bool has_left;

  /* The closing loop's alone. */
  async_resource_t resource;
  worker_pool_closed_cb on_closed;
  void *on_closed_arg;

  /* Fixed from create on. */
  char name[ASYNC_ENV_NAME_BYTES];
  worker_pool_error_cb on_error;
  void *on_error_arg;

  asyncscope__worker_times_t times[WORKER_POOL_TYPES_MAX];
};

/* worker_queue.c */
int asyncscope__worker_queue_init(asyncscope__worker_queue_t *queue,
                                  size_t max);
void asyncscope__worker_queue_finish(asyncscope__worker_queue_t *queue);
/* Under the lock. Takes a place: 0, UV_EAGAIN when full, UV_ECANCELED when
 * closing. The workers stay until it is given back or used. */
int asyncscope__worker_queue_reserve_locked(asyncscope__worker_queue_t *queue);
void asyncscope__worker_queue_unreserve(worker_pool_t *pool);
/* A call that makes threads is over. */
void asyncscope__worker_queue_resized(worker_pool_t *pool);
/* Puts `task` into the place taken. It may be done when this returns. */
void asyncscope__worker_queue_push(worker_pool_t *pool, worker_task_t *task);
/* The worker's: the next task, waiting for one if need be, with its status: 0
 * to run it, else not to. NULL: leave; the thread is out of service. */
worker_task_t *asyncscope__worker_queue_take(worker_pool_t *pool);
/* The worker's: what it took to run has run. The next task, or NULL where it
 * would have to wait. */
worker_task_t *asyncscope__worker_queue_worked(worker_pool_t *pool,
                                               uint64_t waited_ns,
                                               uint64_t worked_ns);
/* Sends home what waits: `task`, false when it does not wait any more; or all
 * that belongs to `port`, NULL for all; or what of `port` is due, and then the
 * earliest deadline of the rest, 0 for none. */
bool asyncscope__worker_queue_cancel(worker_pool_t *pool, worker_task_t *task);
void asyncscope__worker_queue_cancel_all(worker_pool_t *pool,
                                         const worker_port_t *port);
uint64_t asyncscope__worker_queue_expire(worker_pool_t *pool,
                                         const worker_port_t *port,
                                         uint64_t now_ns);
/* Under the lock: all that waits, to status. */
void asyncscope__worker_queue_dismiss_locked(worker_pool_t *pool, int status);
void asyncscope__worker_queue_close(worker_pool_t *pool, bool discard);
/* Under the lock. */
bool asyncscope__worker_queue_has_ended(
    const asyncscope__worker_queue_t *queue);

/* worker_thread.c */
/* Makes one thread and waits until it has its environment and is in service.
 * The workers must be kept meanwhile: by a place taken, or by being one. */
int asyncscope__worker_start(worker_pool_t *pool);

/* worker_size.c */
/* Under queue.lock. */
bool asyncscope__worker_pool_is_short_locked(const worker_pool_t *pool);
/* Under a place taken: as many threads as wanted, the error when they could
 * not be made. */
int asyncscope__worker_pool_fill(worker_pool_t *pool);

/* worker_times.c */
asyncscope__worker_times_t *asyncscope__worker_times_of(worker_pool_t *pool,
                                                        const char *type);

/* worker_port.c */
/* Closed, and known to nobody. */
int asyncscope__worker_port_create(worker_pool_t *pool,
                                   worker_port_t **ret_port);
void asyncscope__worker_port_destroy(worker_port_t *port);
/* Puts it on the calling thread's loop and into the pool's list. On error it
 * is as before. */
int asyncscope__worker_port_open(worker_port_t *port);
/* Under queue.lock: of the calling thread's loop, or NULL. */
worker_port_t *asyncscope__worker_port_find_locked(const worker_pool_t *pool);
/* The loop thread's: a task is about to set out. */
void asyncscope__worker_port_expect(worker_port_t *port);
/* The loop thread's: its deadline is to be kept. */
void asyncscope__worker_port_watch(worker_port_t *port, uint64_t deadline_ns);
/* The loop thread's: on_closed will be called on this loop. */
void asyncscope__worker_port_expect_close(worker_port_t *port);
/* Any thread: `task` goes home. It may be gone when this returns. */
void asyncscope__worker_port_post(worker_task_t *task, int status);
/* Any thread, under queue.lock: sets `end` where it is due. To be called
 * whenever the queue may have ended or a thread or port may be gone. */
void asyncscope__worker_ports_end(worker_pool_t *pool);

/* worker_pool.c */
/* As worker_pool_submit_with_at(). */
int asyncscope__worker_submit(const async_site_t *site, worker_pool_t *pool,
                              worker_task_t *task,
                              const asyncscope__worker_call_t *call,
                              const worker_task_options_t *options);

/* worker_close.c */
/* When the last worker has left: waits for the threads' last instructions. */
void asyncscope__worker_pool_join(worker_pool_t *pool);
void asyncscope__worker_pool_destroy(worker_pool_t *pool);
/* The closing loop's, with its port closed too: gives the pool's memory back
 * and calls on_closed. */
void asyncscope__worker_pool_ended(worker_pool_t *pool);

#endif
