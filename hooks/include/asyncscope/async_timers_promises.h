/* node:timers/promises: waiting, as a promise. The timeouts (async_timeout.h)
 * and immediates behind it are ours: nothing is to be closed. What still waits
 * when the environment is detached is dropped, and its promise stays pending.
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
#include <stdbool.h>
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
#define async_uv_timer_promise(...) \
  async_uv_timer_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_timer_promise_at(const async_site_t *site,
                                           uv_loop_t *loop, uint64_t timeout_ms,
                                           void *value,
                                           async_promise_t **ret_promise);

/* The same in the next check phase, as a resource Immediate.
 * Errors: UV_EINVAL (no loop on this thread), UV_ENOMEM.
 * Node: timersPromises.setImmediate(), scheduler.yield(). */
#define async_immediate_promise(...) \
  async_immediate_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_immediate_promise_at(const async_site_t *site,
                                            void *value,
                                            async_promise_t **ret_promise);

/* Whether what the promise waits for keeps the loop alive, as it does from the
 * start. Errors: UV_EINVAL for a promise that the functions above did not make,
 * or that is decided.
 * Node: the option ref. */
ASYNC_EXTERN int async_timers_promise_set_ref(async_promise_t *promise,
                                              bool ref);

/* Node: scheduler.wait(), scheduler.yield(). */
#define async_scheduler_wait(loop, timeout_ms, ret_promise) \
  async_uv_timer_promise(loop, timeout_ms, NULL, ret_promise)
#define async_scheduler_yield(ret_promise) \
  async_immediate_promise(NULL, ret_promise)

/* One promise after the other, for each time a timer fires:
 *
 *   async_interval_create(loop, 1000, NULL, &interval);
 *   async_interval_next(interval, &promise);   // again in its callback
 *   ...
 *   async_interval_destroy(interval);
 */
typedef struct async_interval_s async_interval_t;

/* Makes one that fires every `interval_ms` milliseconds, 0 is 1, from its first
 * next() on. `*ret_interval` is the caller's to destroy, on the loop's thread,
 * also after its environment has ended.
 * Node: timersPromises.setInterval(). */
ASYNC_EXTERN int async_interval_create(uv_loop_t *loop, uint64_t interval_ms,
                                       void *value,
                                       async_interval_t **ret_interval);

/* Fulfilled with the value when it fires; at once, when it has fired since it
 * was last asked, once for each time. The first call starts the timer: a
 * resource Timeout, in whose scope the promises are resolved.
 * async_promise_cancel() ends the interval.
 * Errors: also UV_EBUSY while one is waited for, UV_ECANCELED when it has
 * ended.
 * Node: next() of the iterator. */
#define async_interval_next(...) \
  async_interval_next_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_interval_next_at(const async_site_t *site,
                                        async_interval_t *interval,
                                        async_promise_t **ret_promise);

/* Whether it keeps the loop alive, as it does while it is started.
 * Node: the option ref. */
ASYNC_EXTERN void async_interval_set_ref(async_interval_t *interval, bool ref);

/* Ends it: what is waited for is rejected with UV_ECANCELED. NULL is left
 * alone.
 * Node: return() of the iterator, as leaving a for await does. */
ASYNC_EXTERN void async_interval_destroy(async_interval_t *interval);

#ifdef __cplusplus
}
#endif
#endif
