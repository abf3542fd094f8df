/* node:timers/promises: waiting, as a promise. The timers and immediates behind
 * it are ours: nothing is to be closed. What still waits when the environment
 * is detached is dropped, and its promise stays pending.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (another thread's loop, or none), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM; then no promise is made.
 *   Memory: a promise is given up by async_promise_release(), at any time;
 *     `value` stays the caller's and must live until the callbacks that get it
 *     have run.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_TIMERS_PROMISES_H
#define ASYNCSCOPE_ASYNC_TIMERS_PROMISES_H

#include "asyncscope/async_promise.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fulfilled with `value` after `timeout_ms` milliseconds: a resource Timeout,
 * in whose scope the promise is resolved. Keeps the loop alive until then. The
 * caller gives `*ret_promise` up with async_promise_release(), when he likes;
 * `value` stays his and must live until the callbacks that get it have run.
 * async_promise_cancel() ends it at once.
 * Errors: UV_EINVAL (another thread's loop), UV_ENOMEM.
 * Node: timersPromises.setTimeout(), scheduler.wait(). */
#define async_uv_timer_promise(loop, timeout_ms, value, ret_promise) \
  async_uv_timer_promise_at(ASYNC_SITE(), loop, timeout_ms, value, ret_promise)
ASYNC_EXTERN int async_uv_timer_promise_at(const async_site_t *site,
                                           uv_loop_t *loop, uint64_t timeout_ms,
                                           void *value,
                                           async_promise_t **ret_promise);

/* The same in the next check phase, as a resource Immediate.
 * Errors: UV_EINVAL (no loop on this thread), UV_ENOMEM.
 * Node: timersPromises.setImmediate(), scheduler.yield(). */
#define async_immediate_promise(value, ret_promise) \
  async_immediate_promise_at(ASYNC_SITE(), value, ret_promise)
ASYNC_EXTERN int async_immediate_promise_at(const async_site_t *site,
                                            void *value,
                                            async_promise_t **ret_promise);

#ifdef __cplusplus
}
#endif
#endif
