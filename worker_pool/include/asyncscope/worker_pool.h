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
 * callback runs on the submitter's loop, in the submitter's context.
 *
 * Unless a function says otherwise:
 *   Thread: any with an attached loop.
 *   In hooks: yes.
 *   Errors: UV_EINVAL, UV_ENOMEM; then nothing has happened and done is not
 *     called.
 *   Memory: a pool is ours until on_closed; a task is the caller's again in
 *     done; what is copied is the caller's.
 *   Node: has none: the documents' WorkerPool, as a library. */
#ifndef ASYNCSCOPE_WORKER_POOL_H
#define ASYNCSCOPE_WORKER_POOL_H

#include "asyncscope/async_histogram.h"
#include "asyncscope/async_promise.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Threads of a pool at most. */
#define WORKER_POOL_THREADS_MAX 1024

/* A pool of threads: ours, from worker_pool_create() to worker_pool_close(). */
typedef struct worker_pool_s worker_pool_t;
/* A task, in the submitter's memory. */
typedef struct worker_task_s worker_task_t;

/* Runs on a worker, in the submitter's frame. What it returns is the status
 * its done callback gets: 0 or a negative UV_E*. It may write to the struct
 * the task is embedded in: nobody else touches it until done. Ticks it queues
 * run on the worker before done.
 *
 * A work that calls async_fail() has failed: done gets UV_EIO and the message.
 * One that ends its thread (worker_task_abort(), pthread_exit(), cancellation)
 * gets the same, and a fresh thread with ids of its own takes the place of the
 * one that went; no other task notices. What the dead thread's environment
 * still held (ticks, stores) is given up on that thread first. */
typedef int (*worker_task_work_cb)(worker_task_t *task);

/* Runs on the submitter's loop, in the submitter's context, exactly once for
 * each accepted task. The memory of the task is the caller's again: it may be
 * freed or submitted anew in here. It may run the loop, but not wait in it
 * (UV_RUN_NOWAIT): what was done together with this task has woken it already.
 * `status` is what the work returned; UV_EIO when it failed or ended its
 * thread (worker_task_error() has the message); UV_ECANCELED when it was
 * cancelled and UV_ETIMEDOUT when its deadline passed before it ran;
 * UV_EAGAIN when no thread was left to run it and none could be made;
 * UV_ENOMEM also when the worker could not make a resource for it and so did
 * not run it. */
typedef void (*worker_task_done_cb)(worker_task_t *task, int status);

#define WORKER_TASK_MESSAGE_BYTES 128 /* with the final NUL */

/* Embed it in what the task is about. It is the pool's from submit until done
 * is called. */
struct worker_task_s {
  void *data; /* public: the submitter's */
  /* private: two cache lines that go to the worker and back, and the message */
  async_resource_t resource;
  worker_task_work_cb work;
  worker_task_done_cb done;
  async_context_frame_t *frame;
  const async_site_t *site;
  const char *type;
  struct worker_port_s *port;
  worker_task_t *next, *prev;
  uint64_t since_ns; /* in the queue; or, when it has worked, on its way home */
  uint64_t deadline_ns; /* 0: none */
  int status;
  unsigned char state, priority;
  unsigned char row; /* of its type, in the times */
  bool ours : 1;     /* worker_pool_run()'s: freed when its scope has ended */
  bool failed : 1;   /* message is set */
  char message[WORKER_TASK_MESSAGE_BYTES];
};

/* The message behind UV_EIO, NULL where the work returned by itself. Valid in
 * the done callback, and until the task is submitted anew. */
ASYNC_EXTERN const char *worker_task_error(const worker_task_t *task);

/* Ends the task and its thread: the scopes around it are left, cleanup
 * handlers run (code compiled with -fexceptions, as in pthread_exit()), done
 * gets UV_EIO and the message, cut at WORKER_TASK_MESSAGE_BYTES - 1. Does not
 * return. Thread: a pool's, inside a work function or a tick it queued, never
 * inside a hook. */
__attribute__((noreturn)) ASYNC_EXTERN void worker_task_abort(
    const char *message);

/* What went wrong with no task to report it to: a thread was cancelled while
 * it waited, or a dead one could not be replaced (the pool is smaller by one
 * until a submit finds it possible). Called on a thread of the pool that has
 * no environment, with no lock held; it must not close the pool. */
typedef void (*worker_pool_error_cb)(worker_pool_t *pool, int status,
                                     const char *message, void *arg);

/* Zeroed is what holds without options. */
typedef struct worker_pool_options_s {
  size_t threads;   /* 1 to WORKER_POOL_THREADS_MAX; 0 is 4 */
  size_t queue_max; /* tasks waiting for a worker; 0 is 1,024 */
  /* Of the threads: NAME-0, NAME-1, ..., a replacement has the next number;
   * copied, and cut so that the number is seen. NULL is "pool". */
  const char *name;
  /* Of each thread (async_env_set_recorder_bytes()); 0 is what holds for all
   * (async_recorder_set_bytes()), 1 is none. */
  size_t recorder_bytes;
  worker_pool_error_cb on_error; /* may be NULL */
  void *on_error_arg;            /* handed to it */
} worker_pool_options_t;

/* Starts the threads and waits until each has its environment. `options` may be
 * NULL. On success `*ret_pool` is the caller's to close. Errors: UV_EINVAL (too
 * many threads), UV_ENOMEM, UV_EAGAIN (a thread could not be made); nothing is
 * left behind. Thread: any; not a cancellation point. Not inside a hook. */
ASYNC_EXTERN int worker_pool_create(const worker_pool_options_t *options,
                                    worker_pool_t **ret_pool);

/* Hands `task` to the pool and does not wait for a worker: but where threads
 * have died that could not be replaced it makes them, and waits until each has
 * its environment. init (type WORK) fires here, in the caller's scope and
 * frame. Keeps the caller's loop alive until done was called. `done` may be
 * NULL: then the memory of the task is the caller's when its destroy is
 * delivered. Before that, or done, it is not submitted again: as the memory
 * need not be zeroed, that cannot be seen and refused, and the loop would never
 * end. Tasks begin in the order of their submits. While others complete tasks
 * in less than half a microsecond each, a free worker may leave a task to them
 * for up to 0.1 ms.
 * Errors, no event fired and done never called: UV_EAGAIN when the queue is
 * full, UV_ECANCELED when the pool is closing or the loop being detached,
 * UV_ENOMEM, UV_EINVAL (no loop on this thread, NULL work).
 *
 * async_env_detach() of a loop that submitted cancels what of it still waits,
 * waits for what of it runs, and calls done for all of these before it returns;
 * the pool itself goes on. */
#define worker_pool_submit(...) worker_pool_submit_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int worker_pool_submit_at(const async_site_t *site,
                                       worker_pool_t *pool, worker_task_t *task,
                                       worker_task_work_cb work,
                                       worker_task_done_cb done);

/* Which of the tasks that wait begins first. */
typedef enum worker_priority_e {
  WORKER_PRIORITY_LOW = -1,   /* when nothing else waits */
  WORKER_PRIORITY_NORMAL = 0, /* where nothing is said */
  WORKER_PRIORITY_HIGH = 1    /* before all others */
} worker_priority_t;

/* Zeroed is what holds without options. */
typedef struct worker_task_options_s {
  /* Of the task's resources, and what its times are counted under; as for
   * async_resource_init(). NULL is "WORK". */
  const char *type;
  /* In the queue at most: then done gets UV_ETIMEDOUT, also while every worker
   * is busy. 0: no limit. Work that has begun is not touched. */
  uint64_t timeout_ms;
  /* While one of a higher priority waits none of a lower begins; among equals
   * the order is that of their submits. */
  worker_priority_t priority;
} worker_task_options_t;

/* The same with options, which may be NULL.
 * Errors: also UV_EINVAL for no such priority and for an empty type. */
#define worker_pool_submit_with(...) \
  worker_pool_submit_with_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int worker_pool_submit_with_at(
    const async_site_t *site, worker_pool_t *pool, worker_task_t *task,
    worker_task_work_cb work, worker_task_done_cb done,
    const worker_task_options_t *options);

/* The one-liner, in memory of ours: fn(arg) on a worker, then cb(arg, status)
 * in the caller's context. `cb` may be NULL. Errors: those of submit. */
typedef int (*worker_run_cb)(void *arg);
typedef void (*worker_run_done_cb)(void *arg, int status);
#define worker_pool_run(...) worker_pool_run_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int worker_pool_run_at(const async_site_t *site,
                                    worker_pool_t *pool, worker_run_cb fn,
                                    void *arg, worker_run_done_cb cb);

/* The same for promises: fulfilled with `arg` when fn answers 0, else rejected
 * with the status as the reason: (int)(intptr_t)reason. The caller gives
 * `*ret_promise` up with async_promise_release(). Errors: those of submit. */
#define worker_pool_promise(...) \
  worker_pool_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int worker_pool_promise_at(const async_site_t *site,
                                        worker_pool_t *pool, worker_run_cb fn,
                                        void *arg,
                                        async_promise_t **ret_promise);

/* Takes a waiting task out of the queue: its done gets UV_ECANCELED, from its
 * loop, later.
 * Errors: UV_EBUSY when it runs, ran or is cancelled, UV_EINVAL on another
 * thread and when it was not submitted to this pool.
 * Thread: the submitter's. */
ASYNC_EXTERN int worker_pool_cancel(worker_pool_t *pool, worker_task_t *task);

/* Makes the pool `threads` strong while it runs. Waits until each new thread
 * has its environment; one too many ends when it has done its task, and is not
 * waited for.
 * Errors: UV_EINVAL (none, or more than WORKER_POOL_THREADS_MAX), UV_ECANCELED
 * when the pool is closing; UV_ENOMEM, UV_EAGAIN when a thread could not be
 * made: the pool keeps the size it has reached.
 * Thread: any that knows the pool not to be gone; not a cancellation point. Not
 * inside a hook. */
ASYNC_EXTERN int worker_pool_resize(worker_pool_t *pool, size_t threads);

/* Ends the pool: later submits answer UV_ECANCELED; with `drain` what waits
 * is still done, else it is cancelled; then the threads end and the pool's
 * memory goes. on_closed (may be NULL) runs on the calling thread's loop, in
 * the caller's context, when the last thread has ended and the last done has
 * been called: nobody may use the pool any more. Until then the loop is kept
 * alive. Every loop that submitted must be running or have been detached;
 * detaching this one waits for all of that, and on_closed is called from
 * async_env_detach().
 * Errors: UV_EALREADY, UV_EINVAL (no loop on this thread), UV_ECANCELED (the
 * loop is being detached and has no task here). Never for want of memory: but
 * without it on_closed runs in no context.
 * Thread: one with an attached loop; also from a done callback and inside
 * hooks. */
typedef void (*worker_pool_closed_cb)(void *arg);
ASYNC_EXTERN int worker_pool_close(worker_pool_t *pool, bool drain,
                                   worker_pool_closed_cb on_closed, void *arg);

/* How a pool is doing. */
typedef struct worker_pool_info_s {
  size_t threads;     /* alive, those on their way out not counted */
  size_t active;      /* running a task */
  size_t queued;      /* waiting */
  size_t queued_peak; /* the most that ever waited */
  /* submitted = completed + cancelled + timed_out + active + queued */
  uint64_t submitted;
  uint64_t completed; /* the work has returned, or ended its thread */
  uint64_t rejected;  /* refused, as the queue was full or closing or a hook
                       * failed; not among the submitted */
  uint64_t cancelled; /* before they began */
  uint64_t timed_out; /* the same */
  uint64_t aborted;   /* of the completed: those that ended their thread */
  uint64_t waited_ns; /* between submit and start, over all completed */
  uint64_t worked_ns; /* on a worker, over all completed */
} worker_pool_info_t;

/* All numbers are of one moment. Completed counts before done is called.
 * Thread: any, never waits for a worker; not after on_closed was called. */
ASYNC_EXTERN void worker_pool_info(const worker_pool_t *pool,
                                   worker_pool_info_t *ret_info);

/* A histogram, read: percentiles are up to an eighth above the truth
 * (async_histogram.h), the greatest is exact. */
typedef struct worker_time_s {
  uint64_t count;                          /* tasks */
  uint64_t p50_ns, p90_ns, p99_ns, max_ns; /* of their times */
} worker_time_t;

/* How long the tasks of one type took. */
typedef struct worker_times_s {
  const char *type;      /* lives as long as the process */
  worker_time_t waited;  /* between submit and start */
  worker_time_t worked;  /* on the worker */
  worker_time_t delayed; /* between the end of the work and done */
} worker_times_t;

/* Types beyond the first seven are counted together, as "others". */
#define WORKER_POOL_TYPES_MAX 8

/* The times of the tasks of one type, in the order in which the types were
 * first seen. UV_ENOENT behind the last. Thread: as worker_pool_info(), and it
 * takes no lock. */
ASYNC_EXTERN int worker_pool_times(const worker_pool_t *pool, size_t index,
                                   worker_times_t *ret_times);

/* The times of all tasks; `type` is "". */
ASYNC_EXTERN void worker_pool_times_total(const worker_pool_t *pool,
                                          worker_times_t *ret_times);

/* The same with all that was counted, in nanoseconds. */
typedef struct worker_histograms_s {
  async_histogram_t waited, worked, delayed; /* as in worker_times_t */
} worker_histograms_t;

/* Adds the times of the tasks of one type to `sum`. Order, error and thread as
 * worker_pool_times(). */
ASYNC_EXTERN int worker_pool_histograms(const worker_pool_t *pool, size_t index,
                                        const char **ret_type,
                                        worker_histograms_t *sum);

#ifdef __cplusplus
}
#endif
#endif
