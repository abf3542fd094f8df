/* What the families share whose resource lives from start to stop. */
#ifndef ASYNCSCOPE_HOOKS_UV_STARTED_H
#define ASYNCSCOPE_HOOKS_UV_STARTED_H

#include "uv_tracked.h"

/* 0, UV_ECANCELED when the environment is ending, or UV_EINVAL: no tracked
 * type, another thread's loop, a closing handle, no callback. */
int asyncscope__check_start(const async_uv_handle_t *handle, bool has_cb);

/* After libuv stopped the handle: ends its resource, which a closing handle
 * keeps for its close callback. */
void asyncscope__stopped(async_uv_handle_t *handle);

/* The scope around a callback of the handle. `ret_due` is false when a tick or
 * a before hook meanwhile stopped, closed or started the handle again: then
 * libuv would not have called back either. */
asyncscope__uv_scope_t asyncscope__started_scope_open(async_uv_handle_t *handle,
                                                      bool *ret_due);

#endif
