/* A snapshot is an async resource and nothing else: the resource holds the
 * frame of all storages, and running in its scope is running in that frame. */
#include "asyncscope/async_local_storage.h"
#include "refuse.h"

#define BOUND_TYPE "bound-anonymous-fn"

int async_local_storage_snapshot_at(const async_site_t *site,
                                    async_local_storage_snapshot_t *snapshot) {
  return async_resource_init_at(site, &snapshot->resource, BOUND_TYPE, NULL);
}

int async_local_storage_snapshot_run(async_local_storage_snapshot_t *snapshot,
                                     async_local_storage_cb fn, void *arg) {
  if (fn == NULL)
    return asyncscope__no_fn();
  return async_resource_run_in_async_scope(&snapshot->resource, fn, arg);
}

void async_local_storage_snapshot_finish(
    async_local_storage_snapshot_t *snapshot) {
  if (snapshot != NULL)
    async_resource_finish(&snapshot->resource);
}

int async_local_storage_bind_at(const async_site_t *site,
                                async_local_storage_bound_t *bound,
                                async_local_storage_cb fn) {
  *bound = (async_local_storage_bound_t){.fn = fn};
  if (fn == NULL)
    return asyncscope__no_fn();
  return async_local_storage_snapshot_at(site, &bound->snapshot);
}

int async_local_storage_bound_call(async_local_storage_bound_t *bound,
                                   void *arg) {
  if (bound->fn == NULL)
    return async_error_set(UV_EINVAL, "the bound function is finished");
  return async_local_storage_snapshot_run(&bound->snapshot, bound->fn, arg);
}

void async_local_storage_bound_finish(async_local_storage_bound_t *bound) {
  if (bound == NULL)
    return;
  async_local_storage_snapshot_finish(&bound->snapshot);
  bound->fn = NULL;
}
