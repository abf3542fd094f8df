/* The two halves that every async_uv_fs_*() has in common. */
#ifndef ASYNCSCOPE_HOOKS_FS_REQUEST_H
#define ASYNCSCOPE_HOOKS_FS_REQUEST_H

#include "asyncscope/async_uv_fs.h"

/* With a callback the request gets its resource. `ret_uv_cb` is what to hand
 * to libuv. On an error the request can be cleaned up. */
int asyncscope__fs_begin(const async_site_t *site, uv_loop_t *loop,
                         async_uv_fs_t *req, async_uv_fs_cb cb,
                         uv_fs_cb *ret_uv_cb);

/* `result` is libuv's answer or the error of begin, and what is returned. After
 * an error no callback comes, and the resource is ended. */
int asyncscope__fs_end(async_uv_fs_t *req, int result);

#endif
