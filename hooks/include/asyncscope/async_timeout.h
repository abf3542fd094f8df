/* node:timers: setTimeout and setInterval, with Node's order and clock. All
 * times in milliseconds.
 *
 * Timeouts of one duration make a list, in the order in which they were
 * started; when the loop was busy, all that is due of the list that is due
 * first runs, then the next list. A timeout is due so many milliseconds after
 * the time at which it was started, however long the callback that starts it
 * has been running. A timer of async_uv_timer.h has libuv's order and counts
 * from the time at which the loop last looked at its clock; otherwise the two
 * are the same resource, a Timeout.
 *
 *   static async_timeout_t timeout; // zeroed
 *   async_timeout_start(&timeout, on_timeout, 100);
 *
 * Unless a function says otherwise:
 *   Thread: the environment's, which has a loop bound.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (another thread, no loop), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM; then nothing has begun and no callback
 *     comes.
 *   Memory: a timeout is the caller's; zero it before the first use. It must
 *     stay where it is while it is started. Nothing is to be closed: it may go
 *     when it was stopped, also inside its own callback, or when the callback
 *     of its only time has returned. What is started when the environment is
 *     detached ends there.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_TIMEOUT_H
#define ASYNCSCOPE_ASYNC_TIMEOUT_H

#include "asyncscope/async_resource.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The longest duration, 24 days. */
#define ASYNC_TIMEOUT_MAX_MS 0x7fffffffu

/* A timeout or an interval, in the caller's memory. Zeroed is one that is not
 * started. */
typedef struct async_timeout_s {
  async_resource_t resource; /* its data is public */
  /* private */
  void (*cb)(struct async_timeout_s *timeout);
  struct async_timeout_s *next, *prev;
  struct asyncscope__timer_list_s *list; /* held while it is live */
  uint64_t started_ms;
  uint32_t duration_ms; /* 0: never started */
  bool repeats, unreferenced, stopped;
} async_timeout_t;

/* Runs when the time is over. */
typedef void (*async_timeout_cb)(async_timeout_t *timeout);

/* Calls cb once, `timeout_ms` from now; 0 is 1. A resource Timeout: init here,
 * before and after around cb, then destroy.
 * Errors: UV_EBUSY when it is started, but in the callback of its only time,
 * where that is over. A duration above ASYNC_TIMEOUT_MAX_MS is 1, as in Node,
 * which also warns.
 * Node: setTimeout(). */
#define async_timeout_start(...) \
  async_timeout_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_timeout_start_at(const async_site_t *site,
                                        async_timeout_t *timeout,
                                        async_timeout_cb cb,
                                        uint64_t timeout_ms);

/* Calls cb every `interval_ms`, each time counted from the beginning of the
 * call before, until it is stopped: one resource. Otherwise as above.
 * Node: setInterval(). */
#define async_timeout_start_interval(...) \
  async_timeout_start_interval_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_timeout_start_interval_at(const async_site_t *site,
                                                 async_timeout_t *timeout,
                                                 async_timeout_cb cb,
                                                 uint64_t interval_ms);

/* Ends it; does nothing to one that is not started.
 * Node: clearTimeout(), clearInterval(), timeout.close(). */
ASYNC_EXTERN void async_timeout_stop(async_timeout_t *timeout);

/* Its duration begins again. A started one, or one in its own callback, keeps
 * its id and its frame. One that has fired is started once more: a new
 * resource, in the caller's context. One that was stopped before it fired stays
 * stopped: nothing happens, and 0 is answered.
 * Errors: UV_EINVAL also for one that was never started.
 * Node: timeout.refresh(). */
#define async_timeout_refresh(...) \
  async_timeout_refresh_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_timeout_refresh_at(const async_site_t *site,
                                          async_timeout_t *timeout);

/* Whether it keeps the loop alive while it is started, as it does at first; it
 * is remembered when it has fired. On another thread than that of a started one
 * the first two do nothing, and the error message says so. Node: ref(),
 * unref(), hasRef(). */
ASYNC_EXTERN void async_timeout_ref(async_timeout_t *timeout);
ASYNC_EXTERN void async_timeout_unref(async_timeout_t *timeout);
ASYNC_EXTERN bool async_timeout_has_ref(const async_timeout_t *timeout);

#ifdef __cplusplus
}
#endif
#endif
