/* node:worker_threads Worker: a thread with a loop and an environment of its
 * own, and messages both ways.
 *
 *     creator's thread                        worker's thread
 *     create          init WORKER,            environment: own ids, own hooks
 *                     init MESSAGEPORT        init MESSAGEPORT, its origin the
 *     online     <---------------------       WORKER; in its scope: main
 *     post_message --------------------->     parent port's on_message
 *     message    <---------------------       post on the parent port
 *                                             uv_run() until nothing is left
 *     exit       <---------------------       cleanup hooks, handles closed
 *                     destroy WORKER
 *
 * Events of one thread are never seen by the hooks of another, and no store
 * goes over: main runs without any. All callbacks here run on the creator's
 * thread and see the stores of whoever called async_worker_create().
 *
 * Where Node differs:
 *   - A C function cannot be interrupted. Whatever ends a worker takes effect
 *     when its running callback returns: then no timer, immediate, watcher or
 *     message calls back any more. Streams and requests do, as they have memory
 *     to give back, and ticks that are queued run. A long computation asks
 *     async_worker_is_stopping(). exit(3) ends the process, whichever thread
 *     calls it.
 *   - What Node's worker leaves open is collected; here its memory is the
 *     program's. Free it in an async_env_add_cleanup_hook(), which is also the
 *     place to close handles with a callback. What is still open then is closed
 *     without one, and requests are waited for: their callbacks run. Meanwhile
 *     whatever would begin anew answers UV_ECANCELED.
 *   - The exit code of a terminated worker is 1, as Node's documents say; Node
 *     itself answers 0 for one that was not up yet. A worker that ends calls
 *     exit for those it made; Node's does not hear of them any more.
 *   - Queues are bounded; messages are not copied (see async_message_port.h).
 *   - Memory is shared. What both threads reach is the program's to guard.
 *   - A worker has one MESSAGEPORT on either side; Node's has more, for its own
 *     use and for standard output.
 *   - A failing hook ends the worker as any failure in it does, with an error
 *     event; in Node it has none. A corrupted stack ends the process.
 *
 * Unless a function says otherwise:
 *   Thread: the creator's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL on another thread, UV_ENOMEM; then what was passed is
 *     still the caller's.
 *   Memory: a worker is ours, until exit has returned; whose a message is says
 *     async_message_port.h.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_WORKER_H
#define ASYNCSCOPE_ASYNC_WORKER_H

#include "asyncscope/async_message_port.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A worker, of the thread that made it; gone when its exit callback returns. */
typedef struct async_worker_s async_worker_t;

/* The worker's script: runs once on its thread, in the scope of its MESSAGEPORT
 * (execution id 2, trigger id 0 as in Node). Then the thread runs its loop,
 * async_env_loop(), until nothing keeps it alive or uv_stop() ends it.
 * It must not end its thread, and neither must what it starts: a worker that
 * does (pthread_exit()) has failed, its hooks are called no more, and libuv
 * loses what else the turn had. A request whose callback has not come a second
 * later has none: its memory must stay for ever, as libuv may still be at work
 * on it, and the loop keeps its descriptors. So does one that is ended in a
 * close callback. Cancellation is disabled. */
typedef void (*async_worker_main_cb)(void *worker_data);

/* All may be NULL; each runs in a scope of the WORKER or of its MESSAGEPORT. */
typedef struct async_worker_callbacks_s {
  /* main is about to be called. */
  void (*online)(async_worker_t *worker);
  /* As of async_message_port_on_message(). Messages posted before the end are
   * delivered before error and exit. */
  void (*message)(async_worker_t *worker, async_message_t *message);
  /* A post that was refused finds room again. */
  void (*drain)(async_worker_t *worker);
  /* A failure in the worker that nothing there took: async_fail() without an
   * uncaught exception handler, a rejection without one, the environment that
   * could not be made. Then exit. Without this callback the failure goes on
   * here, as by async_fail(). */
  void (*error)(async_worker_t *worker, const char *message);
  /* The thread has ended and its environment with it. The last callback;
   * `worker` is gone when it returns. The code is that of the first of these:
   * what async_worker_exit() was given, 1 for a failure, 1 for
   * async_worker_terminate(). It is 0 for a loop that came to its end, unless
   * what runs after that fails. */
  void (*exit)(async_worker_t *worker, int exit_code);
} async_worker_callbacks_t;

/* Zeroed is what holds without options. */
typedef struct async_worker_options_s {
  async_worker_callbacks_t on; /* what happens to it */
  void *data;                  /* the creator's, for async_worker_get_data() */
  /* Handed to main. The creator's: it stays until exit is called, which is
   * the only one of the two that is always called. Node: workerData. */
  void *worker_data;
  /* Of the thread, its environment and the WORKER in diagnostics, copied and
   * cut to 15 bytes. NULL is "worker". Node: name. */
  const char *name;
  size_t queue_max; /* as for async_message_channel_create() */
  /* 0: libuv's. Where a callback may end the thread (pthread_exit()) at least
   * 256 KiB, of which cleanup hooks and close callbacks then have 64. Node:
   * resourceLimits.stackSizeMb */
  size_t stack_size_bytes;
} async_worker_options_t;

/* Starts a worker and returns at once. Init (WORKER, MESSAGEPORT) here. The
 * WORKER keeps the caller's loop alive until exit; its memory is ours.
 * `options` may be NULL.
 *
 * async_env_detach() of the creator's loop terminates the worker, waits for it
 * and calls exit; what was posted either way and not received is released. So
 * does the end of a worker with the workers it made.
 * Errors, no callback will be called: UV_EINVAL (no loop on this thread, main
 * NULL, queue_max), UV_ENOMEM, UV_EMFILE, UV_ECANCELED (the thread is ending),
 * UV_EAGAIN (the system makes no thread); resources already made are destroyed.
 * Thread: one with an attached loop, and all functions that take a worker are
 * that thread's.
 * Node: new Worker(). */
#define async_worker_create(...) \
  async_worker_create_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_worker_create_at(const async_site_t *site,
                                        async_worker_main_cb main,
                                        const async_worker_options_t *options,
                                        async_worker_t **ret_worker);

/* Errors, the message is still the caller's: those of
 * async_message_port_post_message(); UV_EPIPE from the worker's end on, or when
 * it closed its port.
 * Node: worker.postMessage(). */
ASYNC_EXTERN int async_worker_post_message(async_worker_t *worker,
                                           async_message_t *message);

/* Ends the worker, wherever it stands: before main, in a callback (when that
 * returns), idle. Exit is still called, later, with 1 unless another end came
 * first.
 * Node: worker.terminate(). */
ASYNC_EXTERN void async_worker_terminate(async_worker_t *worker);

/* Whether the worker keeps its creator's loop alive; in exit as it was before.
 * Node: worker.ref(), worker.unref(), hasRef(). */
ASYNC_EXTERN void async_worker_ref(async_worker_t *worker);
ASYNC_EXTERN void async_worker_unref(async_worker_t *worker);
ASYNC_EXTERN bool async_worker_has_ref(const async_worker_t *worker);

/* The number of its thread, as in "thread:id"; ASYNC_THREAD_NONE until it is
 * up, and in exit. Node: worker.threadId. */
ASYNC_EXTERN uint32_t async_worker_thread_id(const async_worker_t *worker);

/* `data` of the options. */
ASYNC_EXTERN void *async_worker_get_data(const async_worker_t *worker);

/* The WORKER. Borrowed, until exit has returned. */
ASYNC_EXTERN async_resource_t *async_worker_resource(async_worker_t *worker);

/* Below: the worker's own, on its thread. Elsewhere they answer as said. */

/* False on a worker's thread. Node: isMainThread. */
ASYNC_EXTERN bool async_worker_is_main_thread(void);

/* The port to the creator; NULL elsewhere, and once it was closed. Node's
 * rules: it keeps the loop alive while it has an on_message callback, so a
 * worker that listens ends by closing it or taking the callback back.
 * Node: parentPort. */
ASYNC_EXTERN async_message_port_t *async_worker_parent_port(void);

/* What main was given; NULL elsewhere. Node: workerData. */
ASYNC_EXTERN void *async_worker_data(void);

/* Ends this worker with that code when the running callback returns; return
 * from it.
 * Errors: UV_EINVAL on another thread.
 * Node: process.exit() in a worker, which does not return. */
ASYNC_EXTERN int async_worker_exit(int exit_code);

/* Whether this worker is asked to end: terminated, failed or exiting. False
 * elsewhere. Takes no lock. Node has no need of it. */
ASYNC_EXTERN bool async_worker_is_stopping(void);

#ifdef __cplusplus
}
#endif
#endif
