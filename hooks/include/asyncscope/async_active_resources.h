/* node:process getActiveResourcesInfo(): what keeps a loop from ending.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: yes.
 *   Errors: none.
 *   Memory: what is copied is the caller's; names and sites live as long as the
 *     process.
 *   Node: process.getActiveResourcesInfo(). */
#ifndef ASYNCSCOPE_ASYNC_ACTIVE_RESOURCES_H
#define ASYNCSCOPE_ASYNC_ACTIVE_RESOURCES_H

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_types.h"
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One of them. */
typedef struct async_active_resource_s {
  const char *name;         /* Node's, of the class: "FSReqCallback"; static */
  async_id_t async_id;      /* on the thread of the loop that it keeps alive */
  const async_site_t *site; /* where it was made */
} async_active_resource_t;

/* Copies the resources that keep the loop of `env` alive (NULL: the calling
 * thread's) to `ret_resources` and returns how many there are, which may be
 * more than `max`: then `max` of them were copied, and a larger array gets all.
 *
 * The order is Node's: requests, handles, timeouts, immediates, each in the
 * order of their ids; only a handle that was reset (async_uv_reset.h), which
 * Node leaves in its old place, stands where its new id is. Left out is what
 * Node leaves out: unreferenced handles, signals, ticks, microtasks, promises,
 * work for the thread pool that is not of fs or dns, and resources of the
 * program's own. A handle that is closing is there until its close callback has
 * returned, a request and a timeout during their callback, an immediate not. 0
 * without an environment. `ret_resources` may be NULL with `max` 0. Consistency
 * is per resource, as of async_inspect_resources(). Node:
 * process.getActiveResourcesInfo(), which has no ids. */
ASYNC_EXTERN size_t async_active_resources_info(
    async_env_t *env, async_active_resource_t *ret_resources, size_t max);

#ifdef __cplusplus
}
#endif
#endif
