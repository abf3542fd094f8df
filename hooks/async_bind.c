#include "asyncscope/async_resource.h"
#include "env.h"
#include "error.h"
#include "resource.h"
#include <uv.h>

int async_resource_bind(async_resource_t *resource, async_scope_cb fn,
                        async_bound_t *bound) {
  *bound = (async_bound_t){0};
  if (resource == NULL || fn == NULL)
    return asyncscope__fail(UV_EINVAL, "%s is NULL",
                            fn == NULL ? "fn" : "resource");
  if (asyncscope__record_of(resource) == NULL)
    return asyncscope__not_live_here(resource);
  *bound = (async_bound_t){.resource = resource, .fn = fn};
  return 0;
}

int async_bind_at(const async_site_t *site, async_scope_cb fn, const char *type,
                  async_bound_t *bound) {
  *bound = (async_bound_t){0};
  if (fn == NULL)
    return asyncscope__fail(UV_EINVAL, "fn is NULL");
  int error = async_resource_init_at(
      site, &bound->own, type == NULL ? "bound-anonymous-fn" : type, NULL);
  bound->resource = &bound->own;
  bound->fn = fn;
  return error;
}

int async_bound_call(async_bound_t *bound, void *arg) {
  if (bound->resource == NULL)
    return asyncscope__fail(UV_EINVAL, "the binding is finished");
  return async_resource_run_in_async_scope(bound->resource, bound->fn, arg);
}

void async_bound_finish(async_bound_t *bound) {
  if (bound == NULL)
    return;
  async_resource_finish(&bound->own);
  bound->resource = NULL;
  bound->fn = NULL;
}
