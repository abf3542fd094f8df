/* The pool from the inside. Read this page, then worker_pool.c, worker_queue.c,
 * worker_wait.c, worker_thread.c, worker_port.c; beside the way of a task lie
 * worker_dismiss.c, worker_size.c, worker_close.c,
 * worker_times.c and worker_run.c.
 *
 *   loop thread: submit --> [ back | front ] --> worker thread: work
 *   loop thread: done  <--- [     port     ] <--- worker thread: post
 *
 * One queue for the pool, one port for each loop that submits. A task is in
 * one place at a time: with its submitter, in the queue, on a worker, or in
 * its port's list. Who takes it out of a list alone touches it.
 *
 * Two locks, so that submitters and workers hardly meet. Tasks are put at the
 * back under queue.back and taken from the front under queue.front; a worker
 * that finds the front empty moves all of the back there. Under front also lie
 * the ports' lists, so a worker posts one task and takes the next in one go.
 * Whoever is in no hurry takes both, front first. A worker holds neither while
 * it works, and no callback of the user's, init hooks among them, runs under
 * either. */
#ifndef ASYNCSCOPE_WORKER_INTERNAL_H
#define ASYNCSCOPE_WORKER_INTERNAL_H

#include "asyncscope/async_env.h"
#include "asyncscope/async_histogram.h"
#include "asyncscope/worker_pool.h"
#include "worker_list.h"
#include <stdatomic.h>

enum asyncscope__worker_task_state_e {
  ASYNCSCOPE__TASK_TAKEN, /* by a worker, by cancel, or done */
  ASYNCSCOPE__TASK_QUEUED,
  ASYNCSCOPE__TASK_WORKED
};

enum {
  ASYNCSCOPE__PRIORITIES = WORKER_PRIORITY_HIGH - WORKER_PRIORITY_LOW + 1
};

/* What different threads write lies this far apart: a cache line that two of
 * them write costs more than all the rest of a task. */
#define ASYNCSCOPE__APART 64

/* A worker as one that waits. */
typedef struct asyncscope__worker_idle_s {
  uv_sem_t call; /* a task waits, or it is time to leave; once for each wait */
  struct asyncscope__worker_idle_s *next; /* guarded by `back` */
  bool called;     /* for a task, and has not come; guarded by `back` */
  int caller_core; /* written before `call` is posted; -1: not known */
  /* The worker's alone. */
  size_t served;      /* tasks, since it slept */
  uint64_t looked_ns; /* when it last looked for more */
  uint64_t row_ns;    /* that the works of its row of tasks have taken */
  size_t row;         /* tasks, since it looked */
} asyncscope__worker_idle_t;

typedef struct asyncscope__worker_queue_s {
  uv_mutex_t back;
  /* Guarded by `back`. */
  asyncscope__task_list_t come[ASYNCSCOPE__PRIORITIES]; /* highest first */
  size_t come_length;  /* of `come`, all together */
  size_t waiting_seen; /* `waiting_length` was this when last looked at */
  size_t places;       /* there are; once it is closing, none is free */
  atomic_size_t room; /* places free; raised under `back`, lowered by anybody */
  size_t peak;
  uint64_t submitted, rejected;
  asyncscope__worker_idle_t *idle; /* who waits, the last to begin first */
  size_t idle_length;
  size_t called;   /* workers, for a task, that have not come */
  bool brisk;      /* who looked last has had short tasks */
  bool crowded;    /* and was on the core of its caller */
  uv_cond_t stand; /* one that stands by has to look */
  uv_cond_t gone;  /* `present` is less */
  char apart_1[ASYNCSCOPE__APART];

  /* Written under `back`, read by workers without: the first list in `come`
   * that has a task, ASYNCSCOPE__PRIORITIES for none. */
  atomic_uint come_first;
  char apart_2[ASYNCSCOPE__APART];

  /* Written under both locks, read under either. */
  size_t target;   /* threads wanted */
  size_t threads;  /* in service */
  size_t starting; /* being made, claimed by their makers */
  size_t present;  /* that may still touch the pool */
  size_t resizing; /* calls that make threads now */
  bool closing;    /* no further reservation */
  bool discard;    /* with closing: what waits is cancelled, not run */
  bool ended;      /* with closing: nothing will ever come to the front again */
  char apart_3[ASYNCSCOPE__APART];

  uv_mutex_t front;
  /* Guarded by `front`. */
  asyncscope__task_list_t waiting[ASYNCSCOPE__PRIORITIES];
  atomic_size_t waiting_length; /* written under `front` */
  /* Works that have returned or ended their thread. Written under `front`. */
  _Atomic uint64_t completed;
  worker_pool_info_t info; /* but for what is counted elsewhere */
} asyncscope__worker_queue_t;

enum asyncscope__worker_span_e {
  ASYNCSCOPE__WAITED,  /* between submit and start; a worker's */
  ASYNCSCOPE__WORKED,  /* a worker's too */
  ASYNCSCOPE__DELAYED, /* between the end of the work and done; a loop's */
  ASYNCSCOPE__SPANS
};

/* The times of the tasks that one thread has to do with, by the row of their
 * type. */
typedef struct asyncscope__worker_times_s {
  struct asyncscope__worker_times_s *next; /* never changes */
  bool taken; /* a thread records here; guarded by both locks */
  async_histogram_t spans[WORKER_POOL_TYPES_MAX][ASYNCSCOPE__SPANS];
} asyncscope__worker_times_t;

typedef struct worker_port_s worker_port_t;

struct worker_port_s {
  async_env_cleanup_t cleanup; /* first: a hook is cast to this */
  uv_async_t async;
  uv_timer_t deadlines; /* runs while a task with a deadline may wait */
  unsigned open;        /* handles not closed yet */
  worker_pool_t *pool;
  worker_port_t *next, **link; /* pool->ports; guarded as these */
  asyncscope__worker_times_t
      *times; /* the loop thread's; NULL: never submits */

  /* The loop thread's alone. */
  size_t pending;       /* accepted, done not begun */
  uint64_t earliest_ns; /* what `deadlines` is set to; 0: not running */
  asyncscope__task_list_t arrived;
  async_context_frame_t *frame; /* of these, one reference for all of them: */
  size_t frame_tasks;           /* 0: there is none */
  async_resource_options_t options; /* of the tasks' resources */
  const char *type;                 /* of tasks that name none; NULL: not yet */
  unsigned char row;                /* of that type */
  unsigned delivering; /* depth: a done callback may run the loop */
  bool closer;         /* worker_pool_close() was called on this loop */
  bool detaching;
  bool end_seen;
  char apart[ASYNCSCOPE__APART];

  /* Guarded by queue.front. */
  asyncscope__task_list_t done;
  bool told;        /* the loop is on its way to take them */
  unsigned sending; /* threads between post and the end of uv_async_send() */
  bool end;         /* nothing will ever be posted again: close yourself */
  bool awaited;     /* by the loop's thread, which waits for `news` of these */
  uv_cond_t news;
};

struct worker_pool_s {
  asyncscope__worker_queue_t queue;

  /* Guarded by both locks of the queue. */
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
  size_t recorder_bytes; /* 0: as an environment has it */
  worker_pool_error_cb on_error;
  void *on_error_arg;

  _Atomic(const char *) types[WORKER_POOL_TYPES_MAX]; /* NULL: not seen yet */
  /* Of all threads there ever were; written under both locks, read without. */
  _Atomic(asyncscope__worker_times_t *) times;
};

/* worker_queue.c */
int asyncscope__worker_queue_init(asyncscope__worker_queue_t *queue,
                                  size_t max);
void asyncscope__worker_queue_finish(asyncscope__worker_queue_t *queue);
/* Both locks. */
void asyncscope__worker_queue_lock(asyncscope__worker_queue_t *queue);
void asyncscope__worker_queue_unlock(asyncscope__worker_queue_t *queue);
/* Under both: all that has come, to the front. */
void asyncscope__worker_queue_move_up_locked(asyncscope__worker_queue_t *queue);
/* Under both, or `front` alone: `task`, in `waiting`, will not run. */
void asyncscope__worker_queue_send_home_locked(worker_pool_t *pool,
                                               worker_task_t *task, int status);
/* Takes a place: 0, UV_EAGAIN when full, UV_ECANCELED when closing. The
 * workers stay until it is given back or used. */
int asyncscope__worker_queue_reserve(worker_pool_t *pool);
void asyncscope__worker_queue_unreserve(worker_pool_t *pool);
/* Puts `task` into the place taken. It may be done when this returns. */
void asyncscope__worker_queue_push(worker_pool_t *pool, worker_task_t *task);
size_t asyncscope__worker_queue_waiting_length(
    const asyncscope__worker_queue_t *queue);
uint64_t asyncscope__worker_queue_completed(
    const asyncscope__worker_queue_t *queue);
/* Under `front`: one that was active is not any more. */
void asyncscope__worker_queue_end_active_locked(
    asyncscope__worker_queue_t *queue);
/* Under both locks, or `front` alone: the first that is to run, or NULL; those
 * before it that are not go home. */
worker_task_t *asyncscope__worker_queue_take_locked(worker_pool_t *pool);
/* The worker's: `task` goes home. The next task, or NULL where it would have to
 * wait. */
worker_task_t *asyncscope__worker_queue_worked(worker_pool_t *pool,
                                               worker_task_t *task,
                                               uint64_t waited_ns,
                                               uint64_t worked_ns);
void asyncscope__worker_queue_close(worker_pool_t *pool, bool discard);
void asyncscope__worker_queue_info(worker_pool_t *pool,
                                   worker_pool_info_t *ret_info);
/* Under both locks: sets `ended` where it is due. To be called whenever less
 * waits, is reserved, started or resized. */
void asyncscope__worker_queue_tell_end_locked(worker_pool_t *pool);

/* worker_wait.c */
/* The worker's: the next task to run, waiting for one if need be. NULL: leave;
 * the thread is out of service. */
worker_task_t *asyncscope__worker_queue_take(worker_pool_t *pool,
                                             asyncscope__worker_idle_t *self);
/* Under `back`, with a task waiting: the worker that must be called, NULL for
 * none. */
asyncscope__worker_idle_t *asyncscope__worker_queue_choose_locked(
    asyncscope__worker_queue_t *queue);
/* Once for each that was chosen; NULL is left alone. */
void asyncscope__worker_queue_call(asyncscope__worker_idle_t *worker);
/* Under `back`: it is time to leave, for some or all. */
void asyncscope__worker_queue_call_all_locked(
    asyncscope__worker_queue_t *queue);

/* worker_dismiss.c */
/* Sends home what waits: `task`, false when it does not wait any more; or all
 * that belongs to `port`, NULL for all; or what of `port` is due, and then the
 * earliest deadline of the rest, 0 for none; or all there is, when no thread is
 * left to run it. */
bool asyncscope__worker_queue_cancel(worker_pool_t *pool, worker_task_t *task);
void asyncscope__worker_queue_cancel_all(worker_pool_t *pool,
                                         worker_port_t *port);
uint64_t asyncscope__worker_queue_expire(worker_pool_t *pool,
                                         const worker_port_t *port,
                                         uint64_t now_ns);
void asyncscope__worker_queue_give_up(worker_pool_t *pool);
void asyncscope__worker_queue_give_up_locked(worker_pool_t *pool);

/* worker_thread.c */
/* Makes one thread, which counts in `starting`, and waits until it has its
 * environment and is in service; meanwhile the caller cannot be cancelled. */
int asyncscope__worker_start(worker_pool_t *pool);

/* worker_size.c */
/* Under either lock. */
bool asyncscope__worker_pool_is_short_locked(const worker_pool_t *pool);
/* Under both: true, a missing thread counts in `starting` and is the caller's
 * to start; nobody else makes it. */
bool asyncscope__worker_pool_claim_locked(worker_pool_t *pool);
int asyncscope__worker_pool_start_claimed(worker_pool_t *pool);
/* As many threads as wanted, or the error when they could not be made. The
 * caller keeps the pool's memory, as a loop that submitted, a worker or a
 * resize does. */
int asyncscope__worker_pool_fill(worker_pool_t *pool);

/* worker_times.c */
/* The row of a type, which it has from here on. */
unsigned char asyncscope__worker_times_row(worker_pool_t *pool,
                                           const char *type);
/* For the calling thread alone to record in, until it is given back; NULL
 * without memory. */
asyncscope__worker_times_t *asyncscope__worker_times_take(worker_pool_t *pool);
/* NULL is left alone; _locked: under both locks. */
void asyncscope__worker_times_give(worker_pool_t *pool,
                                   asyncscope__worker_times_t *times);
void asyncscope__worker_times_give_locked(asyncscope__worker_times_t *times);
/* Nobody records or reads any more. */
void asyncscope__worker_times_free(worker_pool_t *pool);

static inline void asyncscope__worker_times_record(
    asyncscope__worker_times_t *times, const worker_task_t *task,
    enum asyncscope__worker_span_e span, uint64_t ns) {
  async_histogram_record(&times->spans[task->row][span], ns);
}

/* worker_port.c */
/* Closed, and known to nobody. */
int asyncscope__worker_port_create(worker_pool_t *pool,
                                   worker_port_t **ret_port);
void asyncscope__worker_port_destroy(worker_port_t *port);
/* Puts it on the calling thread's loop and into the pool's list. On error it
 * is as before. */
int asyncscope__worker_port_open(worker_port_t *port);
/* Of the calling thread's loop, or NULL. */
worker_port_t *asyncscope__worker_port_find(const worker_pool_t *pool);
/* The loop thread's: a task is about to set out. */
void asyncscope__worker_port_expect(worker_port_t *port);
/* The loop thread's: the current frame, held for a task until it is dropped. */
async_context_frame_t *asyncscope__worker_port_hold_frame(worker_port_t *port);
void asyncscope__worker_port_drop_frame(worker_port_t *port,
                                        async_context_frame_t *frame);
/* The loop thread's: its deadline is to be kept. */
void asyncscope__worker_port_watch(worker_port_t *port, uint64_t deadline_ns);
/* The loop thread's: on_closed will be called on this loop. */
void asyncscope__worker_port_expect_close(worker_port_t *port);
/* A worker's with a task of the port at hand, without a lock: wakes the loop,
 * so that it comes when the task is posted or soon after. */
void asyncscope__worker_port_send_ahead(worker_port_t *port);
/* Any thread, under `front`: `task` goes home. It may be gone when the lock
 * is. True: one of the two sends must follow. */
bool asyncscope__worker_port_post_locked(worker_port_t *port,
                                         worker_task_t *task, int status);
/* Under `front`, which it lets go of meanwhile. */
void asyncscope__worker_port_send(worker_port_t *port);
/* Under `front`, which it keeps: where nobody is in a hurry. */
void asyncscope__worker_port_send_locked(worker_port_t *port);
/* Any thread, under both locks: sets `end` where it is due. To be called
 * whenever the queue has ended or a thread or port may be gone. */
void asyncscope__worker_ports_end_locked(worker_pool_t *pool);

/* worker_pool.c */
/* As worker_pool_submit_with_at(); `ours`: the port frees the task's memory. */
int asyncscope__worker_submit(const async_site_t *site, worker_pool_t *pool,
                              worker_task_t *task, worker_task_work_cb work,
                              worker_task_done_cb done, bool ours,
                              const worker_task_options_t *options);

/* worker_close.c */
/* When the last worker has left: waits for the threads' last instructions. */
void asyncscope__worker_pool_join(worker_pool_t *pool);
void asyncscope__worker_pool_destroy(worker_pool_t *pool);
/* The closing loop's, with its port closed too: gives the pool's memory back
 * and calls on_closed. */
void asyncscope__worker_pool_ended(worker_pool_t *pool);

#endif
