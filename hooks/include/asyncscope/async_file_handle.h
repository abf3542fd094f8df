/* FileHandle of node:fs/promises: an open file as a resource FILEHANDLE, from
 * open on until it has been closed. What is done with it is done by its
 * descriptor: async_uv_fs_read_promise(loop, async_file_handle_fd(handle), ...)
 * and its like; all of that must be over when it is closed.
 *
 * Unless a function says otherwise:
 *   Thread: the one that opened it.
 *   In hooks: yes.
 *   Errors: UV_EINVAL on another thread, UV_ENOMEM; then no promise is made.
 *   Memory: a handle is ours and counted; a promise is given up by
 *     async_promise_release().
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_FILE_HANDLE_H
#define ASYNCSCOPE_ASYNC_FILE_HANDLE_H

#include "asyncscope/async_promise.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An open file: ours, counted. Node: FileHandle. */
typedef struct async_file_handle_s async_file_handle_t;

/* Fulfilled with an async_file_handle_t *, which is ours: it lives while a
 * promise that was fulfilled with it does, and while it is retained. `flags`
 * and `mode` are open(2)'s. Rejected with the status.
 * Errors, no promise is made: UV_EINVAL (another thread's loop), UV_ENOMEM.
 * Thread: the loop's.
 * Node: fsPromises.open(). */
#define async_uv_fs_open_promise(...) \
  async_uv_fs_open_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_open_promise_at(const async_site_t *site,
                                             uv_loop_t *loop, const char *path,
                                             int flags, int mode,
                                             async_promise_t **ret_promise);

/* Count the holders; NULL is left alone. The last release of one that was not
 * closed closes the file, blocking: where Node leaves that to the garbage
 * collector. */
ASYNC_EXTERN async_file_handle_t *async_file_handle_retain(
    async_file_handle_t *handle);
ASYNC_EXTERN void async_file_handle_release(async_file_handle_t *handle);

/* The descriptor, the handle's; -1 from the call of close on. Node: fd. */
ASYNC_EXTERN uv_file async_file_handle_fd(const async_file_handle_t *handle);

/* Closes the file: a resource FILEHANDLECLOSEREQ. Fulfilled with NULL, and then
 * the FILEHANDLE's destroy is queued; holders still give the handle up.
 * Errors, no promise is made: UV_EBADF when it was closed before, UV_ENOMEM.
 * Node: filehandle.close(). */
#define async_file_handle_close(...) \
  async_file_handle_close_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_file_handle_close_at(const async_site_t *site,
                                            async_file_handle_t *handle,
                                            async_promise_t **ret_promise);

#ifdef __cplusplus
}
#endif
#endif
