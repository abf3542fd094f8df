/* What another thread sends reads nothing of ours: only libuv's handle. */
#include "asyncscope/async_uv_async.h"

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
  return asyncscope__tracked_begun(&async->tracked, error);
}

int async_uv_async_send(async_uv_async_t *async) {
  return uv_async_send(&async->uv);
}
