/* The environment: one per thread, found through the calling thread, holding
 * its id counter, execution stack, live resources and counters.
 *
 * Only its own thread writes an environment; every thread may read it
 * (async_inspect.h). The functions here act on the calling thread's.
 *
 * fork() copies the calling thread alone, and what another one had locked stays
 * locked in the child: there neither an environment nor the loop bound to it
 * may be used, and async_env_open() may wait for ever. The child calls exec or
 * _exit() (async_uv_spawn() does), or it is made before the first environment.
 *
 * Unless a function says otherwise:
 *   Thread: the environment's; on one without, nothing happens or the answer
 *     says so.
 *   In hooks: yes.
 *   Errors: UV_EINVAL without an environment.
 *   Memory: what is passed is the caller's; texts are copied.
 *   Node: where one is named, else none: in Node the environment is the
 *     process's. */
#ifndef ASYNCSCOPE_ASYNC_ENV_H
#define ASYNCSCOPE_ASYNC_ENV_H

#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the thread of an environment is for. */
typedef enum async_env_kind_e {
  ASYNC_ENV_LOOP,   /* runs an event loop */
  ASYNC_ENV_WORKER, /* runs the tasks of a pool */
  ASYNC_ENV_OTHER   /* neither */
} async_env_kind_t;

#define ASYNC_ENV_NAME_BYTES 16 /* with the final NUL, as a kernel thread's */

/* Opens an environment for a thread that runs no loop, a pool's worker for
 * example. `name` is copied and cut to ASYNC_ENV_NAME_BYTES - 1.
 * Without a loop nothing is delivered by itself: call async_env_flush().
 * Errors: UV_EALREADY when the thread has one, UV_ENOMEM.
 * Thread: any. Not inside a hook. Node: a Worker's own environment; a thread
 * that is to run a loop and exchange messages is made by async_worker.h. */
ASYNC_EXTERN int async_env_open(async_env_kind_t kind, const char *name);

/* Binds `loop` to the calling thread's environment, and opens one of kind
 * ASYNC_ENV_LOOP first where there is none. From here on a plain uv_run() of
 * that loop delivers ticks, immediates and destroy events.
 * The loop must outlive async_env_detach(). From here on libuv measures how
 * long it waits (UV_METRICS_IDLE_TIME): one system call more each time it does.
 * Errors: UV_EALREADY when this thread has bound a loop or another thread this
 * one, UV_ECANCELED while the environment ends, UV_EINVAL for NULL, UV_ENOMEM,
 * or what libuv answers.
 * Thread: the one that will run the loop. Not inside a hook. */
ASYNC_EXTERN int async_env_attach(uv_loop_t *loop);

/* Ends the calling thread's environment: runs its cleanup hooks, delivers
 * what is queued, and closes asyncscope's own handles by turning the loop
 * without waiting, so that uv_loop_close() can answer 0. Once the cleanup hooks
 * have run, what would begin on the loop answers UV_ECANCELED, or UV_EINVAL
 * once the loop is not bound any more. Resources still alive are forgotten;
 * their memory stays the caller's and finishing them later is harmless. Readers
 * of the environment may go on reading it. It also ends one whose handles
 * uv_walk() and uv_close() have closed, if it is called before uv_loop_close();
 * in that one all but the ticks behind a callback waits for the end, and no
 * timeout fires.
 * Errors: UV_EINVAL without an environment, UV_EBUSY inside a scope, a hook, a
 * store's release, a cleanup hook or the handler of uncaught failures, and on
 * the thread of a Worker, which does it itself.
 * Thread: the environment's, outside uv_run(). Not inside a hook. */
ASYNC_EXTERN int async_env_detach(void);

/* Delivers what is queued on this thread now: ticks, microtasks, destroy
 * events and stores dropped elsewhere. A bound loop does it by itself.
 * Thread: the environment's. In hooks and inside a scope: it does nothing. */
ASYNC_EXTERN void async_env_flush(void);

/* This thread's number, ASYNC_THREAD_NONE without an environment. */
ASYNC_EXTERN uint32_t async_env_thread(void);

/* When this thread last entered or left a scope, or made a resource outside of
 * every scope, in the scale of uv_hrtime(); costs no clock read. 0 without an
 * environment. */
ASYNC_EXTERN uint64_t async_env_now_ns(void);

/* Callbacks that come right after each other: until the end of the batch a
 * scope entered where the batch was begun, at top level or inside one scope,
 * begins when the one before it was left, and the clock is read once for both.
 * At top level _begin() reads it; whoever has waited there, or done anything
 * else that takes time, begins again. Inside a scope the first one begins with
 * the last boundary: what is done between two is of the second. One batch at a
 * time: _begin() ends the one before. */
ASYNC_EXTERN void async_env_batch_begin(void);
ASYNC_EXTERN void async_env_batch_end(void);

/* Reads the clock, which is async_env_now_ns() from here on: in the scale of
 * uv_hrtime() and within a microsecond of it, at less than half the price where
 * the processor has a counter for that. Never goes back on a thread. Without an
 * environment uv_hrtime(). Thread: any; inside hooks too. */
ASYNC_EXTERN uint64_t async_env_read_clock_ns(void);

/* Whether the clock is read at every boundary of a scope (so it is from the
 * start), or only where one is entered at top level: then inside of a callback
 * all happens at the time it began, callbacks are counted and take no time, and
 * none is found to be slow. For what must cost least.
 * Errors: UV_EINVAL without an environment. Inside hooks too. */
ASYNC_EXTERN int async_env_set_times(bool times);

/* The bound loop, or NULL. */
ASYNC_EXTERN uv_loop_t *async_env_loop(void);

/* Replaces the name given at open or attach ("loop"); copied and cut. */
ASYNC_EXTERN void async_env_set_name(const char *name);

/* While true, what this thread makes is asyncscope's own, as if each resource
 * had ASYNC_RESOURCE_INTERNAL: for a thread that serves diagnostics, or around
 * a part of the work of another. Returns what was in force before. */
ASYNC_EXTERN bool async_env_set_internal(bool internal);

/* Run by async_env_detach() on the environment's thread, last added first,
 * while the loop still works. The memory is the caller's until the hook has
 * run or was removed. Node: AddEnvironmentCleanupHook. */
typedef struct async_env_cleanup_s async_env_cleanup_t;
typedef void (*async_env_cleanup_cb)(async_env_cleanup_t *cleanup);

struct async_env_cleanup_s {
  void *data; /* public */
  /* private */
  async_env_cleanup_cb cb;
  async_env_cleanup_t *next;
  async_env_cleanup_t **link;
};

/* Errors: UV_EINVAL without an environment, and for a NULL cb; UV_ECANCELED
 * when the hooks have run and the environment ends: this one never would. A
 * hook may add another, which runs next. Both: the environment's thread. */
ASYNC_EXTERN int async_env_add_cleanup_hook(async_env_cleanup_t *cleanup,
                                            async_env_cleanup_cb cb);
ASYNC_EXTERN void async_env_remove_cleanup_hook(async_env_cleanup_t *cleanup);

/* This thread's hook with this callback and data, NULL where there is none: how
 * a library finds what it keeps for each thread. No lock; costs a look at each
 * hook of the thread. */
ASYNC_EXTERN async_env_cleanup_t *async_env_find_cleanup_hook(
    async_env_cleanup_cb cb, const void *data);

/* Why asyncscope refused a call on this thread, the last that it did: names the
 * thing that failed ("loop of thread 2 used on thread 5"). Where a function
 * only passes on what libuv or the system answers (UV_ENOENT, UV_EADDRINUSE),
 * nothing is said, and this is still about an earlier call: uv_strerror() has
 * all there is. Never NULL, "" at first; valid until the next failing call on
 * this thread. */
ASYNC_EXTERN const char *async_error_message(void);

/* For those who build on asyncscope and answer its errors: sets what
 * async_error_message() says on this thread, cut at 255 bytes, and returns
 * `error`. The arguments may quote async_error_message().
 * Thread: any. */
__attribute__((format(printf, 2, 3))) ASYNC_EXTERN int async_error_set(
    int error, const char *format, ...);

#ifdef __cplusplus
}
#endif
#endif
