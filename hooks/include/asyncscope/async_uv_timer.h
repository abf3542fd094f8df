/* uv_timer_t, tracked as Timeout. All times in milliseconds. The order in which
 * timers fire and the clock they go by are libuv's; those of Node's
 * setTimeout() are in async_timeout.h.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread, closing), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers; then nothing has
 *     begun and no callback comes. What only asks or sets an option does not
 *     look at the thread.
 *   Memory: a handle is the caller's again in its close callback; what is
 *     passed besides is read during the call only.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_TIMER_H
#define ASYNCSCOPE_ASYNC_UV_TIMER_H

#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A timer: uv_timer_t, tracked. */
typedef struct async_uv_timer_s {
  __extension__ union {
    uv_timer_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_timer_s *timer);
} async_uv_timer_t;

/* The time is over. */
typedef void (*async_uv_timer_cb)(async_uv_timer_t *timer);

/* Makes a stopped timer; no resource yet. */
ASYNC_EXTERN int async_uv_timer_init(uv_loop_t *loop, async_uv_timer_t *timer);

/* Each start is a new Timeout: init here, one before and after for each time
 * it fires, destroy when it has fired for the last time or is stopped. Closing
 * a started timer keeps its Timeout for the close callback.
 * Starting a started timer ends the old Timeout. `repeat_ms` 0: once.
 * Errors: UV_EINVAL (closing, cb NULL, another thread's loop), UV_ENOMEM. */
#define async_uv_timer_start(...) \
  async_uv_timer_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_timer_start_at(const async_site_t *site,
                                         async_uv_timer_t *timer,
                                         async_uv_timer_cb cb,
                                         uint64_t timeout_ms,
                                         uint64_t repeat_ms);

/* Does nothing on a stopped timer; answers 0. */
ASYNC_EXTERN int async_uv_timer_stop(async_uv_timer_t *timer);

/* Restarts a started repeating timer: same id, same frame. On one that has
 * been stopped: a new Timeout in the caller's context.
 * Nothing happens, and it answers 0, where there is no repeat time, as in
 * libuv; timeout.refresh() is async_timeout_refresh(). Errors: UV_EINVAL when
 * it was never started, UV_ENOMEM. */
#define async_uv_timer_again(...) \
  async_uv_timer_again_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_timer_again_at(const async_site_t *site,
                                         async_uv_timer_t *timer);

/* Milliseconds until it fires, 0 when it is due or stopped. */
ASYNC_EXTERN uint64_t async_uv_timer_get_due_in(const async_uv_timer_t *timer);

/* The interval of a repeating timer, 0: it fires once. Setting it does not move
 * the time that is due. */
ASYNC_EXTERN void async_uv_timer_set_repeat(async_uv_timer_t *timer,
                                            uint64_t repeat_ms);
ASYNC_EXTERN uint64_t async_uv_timer_get_repeat(const async_uv_timer_t *timer);

#ifdef __cplusplus
}
#endif
#endif
