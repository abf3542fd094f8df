/* Dir of node:fs/promises: an open directory as a resource DIRHANDLE, from
 * opendir on until it has been closed.
 *
 * Unless a function says otherwise:
 *   Thread: the one that opened it.
 *   In hooks: yes.
 *   Errors: UV_EINVAL on another thread, UV_ENOMEM; then no promise is made.
 *   Memory: a directory is ours and counted; a promise is given up by
 *     async_promise_release().
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_DIR_H
#define ASYNCSCOPE_ASYNC_DIR_H

#include "asyncscope/async_promise.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An open directory: ours, counted. Node: fs.Dir. */
typedef struct async_dir_s async_dir_t;

/* Fulfilled with an async_dir_t *, which is ours: it lives while a promise that
 * was fulfilled with it does, and while it is retained. Rejected with the
 * status.
 * Errors, no promise is made: UV_EINVAL (another thread's loop), UV_ENOMEM.
 * Thread: the loop's.
 * Node: fsPromises.opendir(). */
#define async_uv_fs_opendir_promise(...) \
  async_uv_fs_opendir_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_fs_opendir_promise_at(const async_site_t *site,
                                                uv_loop_t *loop,
                                                const char *path,
                                                async_promise_t **ret_promise);

/* Count the holders; NULL is left alone. The last release of one that was not
 * closed closes the directory, blocking. */
ASYNC_EXTERN async_dir_t *async_dir_retain(async_dir_t *dir);
ASYNC_EXTERN void async_dir_release(async_dir_t *dir);

/* The next entries of a directory; ours, as a request's result is
 * (async_fs_promises.h): whoever wants a name for longer copies it. */
typedef struct async_dir_entries_s {
  size_t count;               /* 0: there are no more */
  const uv_dirent_t *entries; /* `count` of them */
} async_dir_entries_t;

/* The most entries that one read gives. */
#define ASYNC_DIR_READ_MAX 1024

/* Reads the next entries, `max` at most, from 1 to ASYNC_DIR_READ_MAX.
 * Fulfilled with an async_dir_entries_t *. A resource FSREQPROMISE.
 * Errors, no promise is made: UV_EINVAL, UV_EBADF when it was closed, UV_EBUSY
 * while another read runs, UV_ENOMEM.
 * Node: dir.read(), which gives one entry at a time. */
#define async_dir_read(...) async_dir_read_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_dir_read_at(const async_site_t *site, async_dir_t *dir,
                                   size_t max, async_promise_t **ret_promise);

/* Closes the directory: a resource FSREQPROMISE. Fulfilled with NULL, and then
 * the DIRHANDLE's destroy is queued; holders still give it up.
 * Errors, no promise is made: UV_EBADF when it was closed before, UV_EBUSY
 * while a read runs, UV_ENOMEM.
 * Node: dir.close(). */
#define async_dir_close(...) async_dir_close_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_dir_close_at(const async_site_t *site, async_dir_t *dir,
                                    async_promise_t **ret_promise);

#ifdef __cplusplus
}
#endif
#endif
