/* Between the families and their resources. */
#ifndef ASYNCSCOPE_HOOKS_RESOURCE_H
#define ASYNCSCOPE_HOOKS_RESOURCE_H

#include "asyncscope/async_resource.h"
#include <stdbool.h>

/* With the flags of async_resource_options_t. */
#define ASYNCSCOPE__RESOURCE_PROMISE (1u << 30)

/* Closes the last scope of a resource whose embedder may be gone or in use
 * again after its callback. A resource can be copied: the family keeps a copy
 * across the callback and hands that in.
 *
 *   async_resource_t ended = req->resource;
 *   async_callback_scope_open(&req->resource);
 *   req->cb(req);
 *   asyncscope__callback_scope_end(&ended);
 *
 * Destroy is queued first, then after fires, ids and frame are restored, and
 * the outermost scope runs the ticks, as with async_callback_scope_close(). */
void asyncscope__callback_scope_end(async_resource_t *ended);

/* The same for a scope entered by async_resource_enter(). */
void asyncscope__scope_end(async_resource_t *ended);

/* Others will name it as their trigger while it does not run: it is to be
 * remembered when it ends before them. */
void asyncscope__resource_is_cause(const async_resource_t *resource);

/* Whether the handle keeps its loop alive, for diagnostics. */
void asyncscope__resource_set_ref(async_resource_t *resource, bool ref);

#endif
