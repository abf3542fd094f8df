/* Between the families and their resources. */
#ifndef ASYNCSCOPE_HOOKS_RESOURCE_H
#define ASYNCSCOPE_HOOKS_RESOURCE_H

#include "asyncscope/async_resource.h"
#include "hot.h"
#include <stdbool.h>

/* With the flags of async_resource_options_t. */
#define ASYNCSCOPE__RESOURCE_PROMISE (1u << 30)
/* Who gives the trigger has called asyncscope__resource_is_cause() for it. */
#define ASYNCSCOPE__RESOURCE_CAUSE_KNOWN (1u << 29)
/* Keeps no loop alive, from init on. */
#define ASYNCSCOPE__RESOURCE_UNREF (1u << 28)

/* UV_EINVAL, and says so. */
ASYNCSCOPE__COLD int asyncscope__not_live_here(
    const async_resource_t *resource);

/* Before the callback that has the struct again: `ended`, a copy, ends the
 * resource, so the frame is the copy's. What is left may still be finished.
 * Whoever was called meanwhile may have begun another one in it. */
static inline void asyncscope__resource_hand_over(
    async_resource_t *resource, const async_resource_t *ended) {
  if (resource->async_id == ended->async_id)
    resource->frame = NULL;
}

/* async_callback_scope_close() of the resource that has the id: it may be gone.
 */
void asyncscope__callback_scope_close(async_id_t async_id);

/* Others will name it as their trigger while it does not run: it is to be
 * remembered when it ends before them. */
void asyncscope__resource_is_cause(const async_resource_t *resource);

/* Whether the handle keeps its loop alive, for diagnostics. */
void asyncscope__resource_set_ref(async_resource_t *resource, bool ref);

/* Its handle's close callback is all that is still to come. */
void asyncscope__resource_is_closing(const async_resource_t *resource);

/* As ASYNC_RESOURCE_OWES_CALLBACK, for a request that libuv has accepted: it
 * will call back whatever happens. */
void asyncscope__resource_owes(const async_resource_t *resource);
/* What it owed was called outside of its scope, for want of memory. */
void asyncscope__resource_has_paid(const async_resource_t *resource);

#endif
