/* uv_fs_poll_t, tracked as STATWATCHER while it is started.
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
#ifndef ASYNCSCOPE_ASYNC_UV_FS_POLL_H
#define ASYNCSCOPE_ASYNC_UV_FS_POLL_H

#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A watcher of a path, by stat(): uv_fs_poll_t, tracked. */
typedef struct async_uv_fs_poll_s {
  __extension__ union {
    uv_fs_poll_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_fs_poll_s *fs_poll, int status,
             const uv_stat_t *prev, const uv_stat_t *curr);
} async_uv_fs_poll_t;

/* What stat() said before and says now, both during the call only; or `status`
 * says why it cannot be known. */
typedef void (*async_uv_fs_poll_cb)(async_uv_fs_poll_t *fs_poll, int status,
                                    const uv_stat_t *prev,
                                    const uv_stat_t *curr);

/* Makes a stopped watcher; no resource yet. Errors: UV_EINVAL (another
 * thread's loop). */
ASYNC_EXTERN int async_uv_fs_poll_init(uv_loop_t *loop,
                                       async_uv_fs_poll_t *fs_poll);

/* Each start of a stopped watcher is a new STATWATCHER, shown with its path:
 * init here, before and after around each call of cb, destroy when it is
 * stopped. `prev` and `curr` are libuv's until cb returns. A started watcher
 * stays as it is, with its path and callback, and the answer is 0, as in libuv.
 * The stat() calls between are no resources.
 * Errors: UV_EINVAL (closing, cb NULL, another thread's loop), UV_ENOMEM; that
 * there is no such path is the callback's `status`.
 * Node: fs.watchFile(). */
#define async_uv_fs_poll_start(...) \
  async_uv_fs_poll_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_poll_start_at(const async_site_t *site,
                                           async_uv_fs_poll_t *fs_poll,
                                           async_uv_fs_poll_cb cb,
                                           const char *path,
                                           unsigned int interval_ms);

/* Does nothing on a stopped watcher; answers 0. Errors: UV_EINVAL (another
 * thread's loop). Node: fs.unwatchFile(). */
ASYNC_EXTERN int async_uv_fs_poll_stop(async_uv_fs_poll_t *fs_poll);

/* `*size_bytes` is the room at `ret_path`, then the length without the NUL.
 * Errors: UV_EINVAL when it is stopped, UV_ENOBUFS, then `*size_bytes` is what
 * is needed. */
ASYNC_EXTERN int async_uv_fs_poll_getpath(async_uv_fs_poll_t *fs_poll,
                                          char *ret_path, size_t *size_bytes);

#ifdef __cplusplus
}
#endif
#endif
