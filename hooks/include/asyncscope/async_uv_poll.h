/* uv_poll_t, tracked as POLL. Node has nothing of the kind, so the type's name
 * is ours and stands in no table of Node's.
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
#ifndef ASYNCSCOPE_ASYNC_UV_POLL_H
#define ASYNCSCOPE_ASYNC_UV_POLL_H

#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A watcher of a foreign descriptor: uv_poll_t, tracked. */
typedef struct async_uv_poll_s {
  __extension__ union {
    uv_poll_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_poll_s *poll, int status, int events);
} async_uv_poll_t;

/* `events` of those asked for; or `status` says what went wrong. */
typedef void (*async_uv_poll_cb)(async_uv_poll_t *poll, int status, int events);

/* Make a stopped handle; no resource yet. The file stays the caller's. */
ASYNC_EXTERN int async_uv_poll_init(uv_loop_t *loop, async_uv_poll_t *poll,
                                    int fd);
ASYNC_EXTERN int async_uv_poll_init_socket(uv_loop_t *loop,
                                           async_uv_poll_t *poll,
                                           uv_os_sock_t socket);

/* Starting a stopped handle is a new POLL: init here, one before and after for
 * each call of cb, destroy when it is stopped, also by libuv after an error.
 * On a started handle only events (a sum of uv_poll_event) and cb change: same
 * id, same frame. No events: the same as stopping it. Closing a started handle
 * keeps its POLL for the close callback.
 * Errors: UV_EINVAL (closing, cb NULL, unknown events, another thread's loop),
 * UV_EEXIST when another handle of the loop watches the file, UV_ENOMEM. */
#define async_uv_poll_start(...) \
  async_uv_poll_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_poll_start_at(const async_site_t *site,
                                        async_uv_poll_t *poll, int events,
                                        async_uv_poll_cb cb);

/* Does nothing on a stopped handle; answers 0. */
ASYNC_EXTERN int async_uv_poll_stop(async_uv_poll_t *poll);

#ifdef __cplusplus
}
#endif
#endif
