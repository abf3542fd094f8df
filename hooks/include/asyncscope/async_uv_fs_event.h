/* uv_fs_event_t, tracked as FSEVENTWRAP while it is started.
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
#ifndef ASYNCSCOPE_ASYNC_UV_FS_EVENT_H
#define ASYNCSCOPE_ASYNC_UV_FS_EVENT_H

#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A watcher of a path, by the system: uv_fs_event_t, tracked. */
typedef struct async_uv_fs_event_s {
  __extension__ union {
    uv_fs_event_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*cb)(struct async_uv_fs_event_s *fs_event, const char *filename,
             int events, int status);
} async_uv_fs_event_t;

/* `events` of UV_RENAME and UV_CHANGE happened to `filename`, which may be NULL
 * and lives during the call; or `status` says what went wrong. */
typedef void (*async_uv_fs_event_cb)(async_uv_fs_event_t *fs_event,
                                     const char *filename, int events,
                                     int status);

/* Makes a stopped watcher; no resource yet. Errors: UV_EINVAL (another
 * thread's loop). */
ASYNC_EXTERN int async_uv_fs_event_init(uv_loop_t *loop,
                                        async_uv_fs_event_t *fs_event);

/* Each start is a new FSEVENTWRAP, shown with its path: init here, before and
 * after around each call of cb, destroy when it is stopped. `events` and
 * `flags` are libuv's; `filename`, which may be NULL, is libuv's until cb
 * returns.
 * Errors: UV_EINVAL (started, closing, cb NULL, another thread's loop),
 * UV_ENOMEM, UV_ENOENT and what the kernel answers; then the watcher is as it
 * was.
 * Node: fs.watch(). */
#define async_uv_fs_event_start(...) \
  async_uv_fs_event_start_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_event_start_at(const async_site_t *site,
                                            async_uv_fs_event_t *fs_event,
                                            async_uv_fs_event_cb cb,
                                            const char *path,
                                            unsigned int flags);

/* Does nothing on a stopped watcher; answers 0. Errors: UV_EINVAL (another
 * thread's loop). Node: watcher.close(). */
ASYNC_EXTERN int async_uv_fs_event_stop(async_uv_fs_event_t *fs_event);

/* `*size_bytes` is the room at `ret_path`, then the length without the NUL.
 * Errors: UV_EINVAL when it is stopped, UV_ENOBUFS, then `*size_bytes` is what
 * is needed. */
ASYNC_EXTERN int async_uv_fs_event_getpath(async_uv_fs_event_t *fs_event,
                                           char *ret_path, size_t *size_bytes);

#ifdef __cplusplus
}
#endif
#endif
