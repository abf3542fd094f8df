/* uv_idle_t, uv_prepare_t and uv_check_t, tracked as IDLE, PREPARE and CHECK:
 * what is called in each iteration of the loop. Node has no such handles, so
 * the names are asyncscope's own.
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
#ifndef ASYNCSCOPE_ASYNC_UV_LOOP_WATCHER_H
#define ASYNCSCOPE_ASYNC_UV_LOOP_WATCHER_H

#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Called in each iteration, which then does not wait: uv_idle_t, tracked. */
typedef struct async_uv_idle_s {
  __extension__ union {
    uv_idle_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_idle_s *idle);
} async_uv_idle_t;

/* Runs in each iteration. */
typedef void (*async_uv_idle_cb)(async_uv_idle_t *idle);

/* Called before the loop waits: uv_prepare_t, tracked. */
typedef struct async_uv_prepare_s {
  __extension__ union {
    uv_prepare_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_prepare_s *prepare);
} async_uv_prepare_t;

/* Runs before the loop waits. */
typedef void (*async_uv_prepare_cb)(async_uv_prepare_t *prepare);

/* Called when the loop has waited: uv_check_t, tracked. */
typedef struct async_uv_check_s {
  __extension__ union {
    uv_check_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_check_s *check);
} async_uv_check_t;

/* Runs when the loop has waited. */
typedef void (*async_uv_check_cb)(async_uv_check_t *check);

/* Make stopped handles; no resource yet. Errors: UV_EINVAL (another thread's
 * loop). */
ASYNC_EXTERN int async_uv_idle_init(uv_loop_t *loop, async_uv_idle_t *idle);
ASYNC_EXTERN int async_uv_prepare_init(uv_loop_t *loop,
                                       async_uv_prepare_t *prepare);
ASYNC_EXTERN int async_uv_check_init(uv_loop_t *loop, async_uv_check_t *check);

/* Each start of a stopped handle is a new resource: init here, before and after
 * around each call of cb, destroy when it is stopped. A started handle stays as
 * it is, with its callback, and the answer is 0, as in libuv.
 * Errors: UV_EINVAL (closing, cb NULL, another thread's loop), UV_ENOMEM. */
#define async_uv_idle_start(...) \
  async_uv_idle_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_idle_start_at(const async_site_t *site,
                                        async_uv_idle_t *idle,
                                        async_uv_idle_cb cb);
#define async_uv_prepare_start(...) \
  async_uv_prepare_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_prepare_start_at(const async_site_t *site,
                                           async_uv_prepare_t *prepare,
                                           async_uv_prepare_cb cb);
#define async_uv_check_start(...) \
  async_uv_check_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_check_start_at(const async_site_t *site,
                                         async_uv_check_t *check,
                                         async_uv_check_cb cb);

/* Do nothing on a stopped handle; answer 0.
 * Errors: UV_EINVAL (another thread's loop). */
ASYNC_EXTERN int async_uv_idle_stop(async_uv_idle_t *idle);
ASYNC_EXTERN int async_uv_prepare_stop(async_uv_prepare_t *prepare);
ASYNC_EXTERN int async_uv_check_stop(async_uv_check_t *check);

#ifdef __cplusplus
}
#endif
#endif
