/* A handle that other threads wake, of a type of asyncscope's own. */
#ifndef ASYNCSCOPE_HOOKS_UV_ASYNC_H
#define ASYNCSCOPE_HOOKS_UV_ASYNC_H

#include "asyncscope/async_uv_async.h"

/* Init of `type` here, on the calling thread's loop. The generic functions find
 * its resource; whoever opens it closes it by uv_close() and then ends the
 * resource. On an error there is nothing to close. */
int asyncscope__async_open(async_uv_async_t *async, const async_site_t *site,
                           const char *type,
                           const async_resource_options_t *options,
                           uv_async_cb on_wake);

#endif
