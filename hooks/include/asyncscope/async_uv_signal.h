/* uv_signal_t, tracked as SIGNALWRAP.
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
#ifndef ASYNCSCOPE_ASYNC_UV_SIGNAL_H
#define ASYNCSCOPE_ASYNC_UV_SIGNAL_H

#include "asyncscope/async_uv_handle.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A watcher of a signal: uv_signal_t, tracked. */
typedef struct async_uv_signal_s {
  __extension__ union {
    uv_signal_t uv; /* uv.signum: the signal watched, 0 for none */
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_signal_s *signal, int signum);
  bool oneshot;
} async_uv_signal_t;

/* The signal came, once or more often. */
typedef void (*async_uv_signal_cb)(async_uv_signal_t *signal, int signum);

/* Makes a stopped handle; no resource yet. */
ASYNC_EXTERN int async_uv_signal_init(uv_loop_t *loop,
                                      async_uv_signal_t *signal);

/* Each start is a new SIGNALWRAP: init here, one before and after for each
 * signal, destroy when it is stopped. Closing a started handle keeps it for
 * the close callback. Starting a started handle ends the old SIGNALWRAP.
 * Errors: UV_EINVAL (closing, cb NULL, no signal of that number or one that
 * cannot be caught, another thread's loop), UV_ENOMEM. What was started goes
 * on, unless libuv refused another signal: then it is stopped.
 * Node: process.on('SIGTERM', ...). */
#define async_uv_signal_start(...) \
  async_uv_signal_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_signal_start_at(const async_site_t *site,
                                          async_uv_signal_t *signal,
                                          async_uv_signal_cb cb, int signum);

/* The same for one signal: the handle is stopped right before cb, which may
 * start it again, and destroy follows when it does not. Unlike libuv's, the
 * signal stays caught until then, so a second one that comes meanwhile does
 * not end the process; it is dropped. */
#define async_uv_signal_start_oneshot(...) \
  async_uv_signal_start_oneshot_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_signal_start_oneshot_at(const async_site_t *site,
                                                  async_uv_signal_t *signal,
                                                  async_uv_signal_cb cb,
                                                  int signum);

/* Does nothing on a stopped handle; answers 0. */
ASYNC_EXTERN int async_uv_signal_stop(async_uv_signal_t *signal);

#ifdef __cplusplus
}
#endif
#endif
