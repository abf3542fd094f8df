/* What another thread sends reads nothing of ours: only libuv's handle. */
#include "asyncscope/async_uv_async.h"

#include "asyncscope/async_env.h"
#include "error.h"
#include "uv_async.h"
#include "uv_started.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_async_t, uv_async_t);

static void on_async(uv_async_t *uv) {
  async_uv_async_t *async = (async_uv_async_t *)uv;
  bool due;
  asyncscope__uv_scope_t scope =
      asyncscope__started_scope_open((async_uv_handle_t *)async, &due);
  if (due)
    async->cb(async);
  asyncscope__uv_scope_close(&scope);
}

int async_uv_async_init_at(const async_site_t *site, uv_loop_t *loop,
                           async_uv_async_t *async, async_uv_async_cb cb) {
  int error = asyncscope__tracked_begin(&async->tracked, site, loop, "ASYNC");
  if (error != 0)
    return error;
  async->cb = cb;
  error = uv_async_init(loop, &async->uv, cb == NULL ? NULL : on_async);
  return asyncscope__tracked_begun(&async->tracked, async, error);
}

int async_uv_async_send(async_uv_async_t *async) {
  return uv_async_send(&async->uv);
}

int asyncscope__async_open(async_uv_async_t *async, const async_site_t *site,
                           const char *type,
                           const async_resource_options_t *options,
                           uv_async_cb on_wake) {
  async_resource_t *resource = &async->tracked.resource;
  int error = async_resource_init_at(site, resource, type, options);
  if (error != 0)
    return error;
  error = uv_async_init(async_env_loop(), &async->uv, on_wake);
  if (error == 0)
    return 0;
  async_resource_finish(resource);
  return asyncscope__fail(error, "uv_async_init: %s", uv_strerror(error));
}
