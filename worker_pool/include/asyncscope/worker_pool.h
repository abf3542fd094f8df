/* A thread pool bound to its callers' context: the reference example.
 *
 *     loop thread                         worker thread
 *     submit --- task, frame, id ------>  own environment, own ids
 *       init                              resource WORK, origin = the task
 *                                           before, work(task), after, destroy
 *       before, done(task), after <-----  completion
 *       destroy
 *
 * The work function sees the stores of whoever submitted it; the done
 * callback runs on the submitter's loop, in the submitter's context. */
#ifndef ASYNCSCOPE_WORKER_POOL_H
#define ASYNCSCOPE_WORKER_POOL_H

#include "asyncscope/async_resource.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WORKER_POOL_THREADS_MAX 1024

typedef struct worker_pool_s worker_pool_t;
typedef struct worker_task_s worker_task_t;

/* Runs on a worker, in the submitter's frame. What it returns is the status
 * its done callback gets: 0 or a negative UV_E*. It may write to the struct
 * the task is embedded in: nobody else touches it until done. Ticks it queues
 * run on the worker before done. It returns; it never ends its thread. */
typedef int (*worker_task_work_cb)(worker_task_t *task);

/* Runs on the submitter's loop, in the submitter's context, exactly once for
 * each accepted task. The memory of the task is the caller's again: it may be
 * freed or submitted anew in here.
 * `status` is what the work returned; UV_ECANCELED when it never ran;
 * UV_ENOMEM also when the worker could not make a resource for it and so did
 * not run it. */
typedef void (*worker_task_done_cb)(worker_task_t *task, int status);

struct worker_task_s {
  void *data; /* public: the submitter's */
  /* private */
  async_resource_t resource;
  worker_task_work_cb work;
  worker_task_done_cb done;
  const async_site_t *site;
  async_context_frame_t *frame;
  async_ref_t ref;
  struct worker_port_s *port;
  worker_task_t *next, *prev;
  uint64_t submitted_ns;
  int status;
  unsigned state;
};

typedef struct worker_pool_options_s {
  size_t threads;   /* 1 to WORKER_POOL_THREADS_MAX; 0 is 4 */
  size_t queue_max; /* tasks waiting for a worker; 0 is 1,024 */
  /* Of the threads: NAME-0, NAME-1, ...; copied, and cut so that the number
   * is seen. NULL is "pool". */
  const char *name;
} worker_pool_options_t;

/* Starts the threads and waits until each has its environment. `options` may
 * be NULL. On success `*ret_pool` is the caller's to close.
 * Errors: UV_EINVAL (too many threads), UV_ENOMEM, UV_EAGAIN (a thread could
 * not be made); nothing is left behind. Thread: any. Not inside a hook. */
ASYNC_EXTERN int worker_pool_create(const worker_pool_options_t *options,
                                    worker_pool_t **ret_pool);

/* Hands `task` to the pool and returns at once, never waiting. init (type
 * WORK) fires here, in the caller's scope and frame. Keeps the caller's loop
 * alive until done was called. `done` may be NULL: then the memory of the
 * task is the caller's when its destroy is delivered. Tasks begin in the
 * order of their submits.
 * Errors, no event fired and done never called: UV_EAGAIN when the queue is
 * full, UV_ECANCELED when the pool is closing or the loop being detached,
 * UV_ENOMEM, UV_EINVAL (no loop on this thread, NULL work).
 *
 * async_env_detach() of a loop that submitted cancels what of it still waits,
 * waits for what of it runs, and calls done for all of these before it
 * returns; the pool itself goes on.
 * Thread: any with an attached loop; inside hooks too. */
#define worker_pool_submit(pool, task, work, done) \
  worker_pool_submit_at(ASYNC_SITE(), pool, task, work, done)
ASYNC_EXTERN int worker_pool_submit_at(const async_site_t *site,
                                       worker_pool_t *pool, worker_task_t *task,
                                       worker_task_work_cb work,
                                       worker_task_done_cb done);

/* Takes a waiting task out of the queue: its done gets UV_ECANCELED, from its
 * loop, later. Errors: UV_EBUSY when it runs, ran or is cancelled, UV_EINVAL
 * on another thread. Thread: the submitter's; inside hooks too. */
ASYNC_EXTERN int worker_pool_cancel(worker_pool_t *pool, worker_task_t *task);

/* Ends the pool: later submits answer UV_ECANCELED; with `drain` what waits
 * is still done, else it is cancelled; then the threads end and the pool's
 * memory goes. on_closed (may be NULL) runs on the calling thread's loop, in
 * the caller's context, when the last thread has ended and the last done has
 * been called: nobody may use the pool any more. Until then the loop is kept
 * alive. Every loop that submitted must be running or have been detached;
 * detaching this one waits for all of that, and on_closed is called from
 * async_env_detach().
 * Errors: UV_EALREADY, UV_EINVAL (no loop on this thread). Never for want of
 * memory: but without it on_closed runs in no context.
 * Thread: one with an attached loop; also from a done callback and inside
 * hooks. */
typedef void (*worker_pool_closed_cb)(void *arg);
ASYNC_EXTERN int worker_pool_close(worker_pool_t *pool, bool drain,
                                   worker_pool_closed_cb on_closed, void *arg);

typedef struct worker_pool_info_s {
  size_t threads;     /* alive */
  size_t active;      /* running a task */
  size_t queued;      /* waiting */
  size_t queued_peak; /* the most that ever waited */
  /* submitted = completed + cancelled + active + queued */
  uint64_t submitted, completed, rejected, cancelled;
  uint64_t waited_ns; /* between submit and start, over all completed */
  uint64_t worked_ns; /* on a worker, over all completed */
} worker_pool_info_t;

/* All numbers are of one moment. Completed counts before done is called.
 * Thread: any, never waits for a worker; inside hooks too; not after on_closed
 * was called. */
ASYNC_EXTERN void worker_pool_info(const worker_pool_t *pool,
                                   worker_pool_info_t *ret_info);

#ifdef __cplusplus
}
#endif
#endif
