/* uv_async_t, tracked as ASYNC from init until its close callback. Node has no
 * such handle, so the name is asyncscope's own.
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
 *   Node: has none; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_ASYNC_H
#define ASYNCSCOPE_ASYNC_UV_ASYNC_H

#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A wake-up from any thread: uv_async_t, tracked. */
typedef struct async_uv_async_s {
  __extension__ union {
    uv_async_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_async_s *async);
} async_uv_async_t;

/* Runs on the loop, once for all sends since the last time. */
typedef void (*async_uv_async_cb)(async_uv_async_t *async);

/* Init (ASYNC) here; cb (may be NULL) runs in its scope, so in the context of
 * this call: a send carries none, as several may become one callback.
 * Errors: UV_EINVAL (another thread's loop), UV_ENOMEM, UV_EMFILE; then there
 * is nothing to close. */
#define async_uv_async_init(...) \
  async_uv_async_init_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_async_init_at(const async_site_t *site,
                                        uv_loop_t *loop,
                                        async_uv_async_t *async,
                                        async_uv_async_cb cb);

/* uv_async_send(). Thread: any, with or without an environment, also in a
 * signal handler; the handle must not be closing. */
ASYNC_EXTERN int async_uv_async_send(async_uv_async_t *async);

#ifdef __cplusplus
}
#endif
#endif
