/* The connect request, which all streams that connect share. */
#include "resource.h"
#include "uv_stream.h"
#include "uv_tracked.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_REQ(async_uv_connect_t, uv_connect_t);
ASYNCSCOPE__MIRRORS(async_uv_connect_t, uv_connect_t, handle);

int asyncscope__connect_track(const async_site_t *site, async_uv_connect_t *req,
                              const async_uv_handle_t *handle,
                              const char *type) {
  async_resource_options_t options = asyncscope__triggered_by(handle);
  asyncscope__handle_used(handle);
  memset(&req->resource, 0, sizeof(req->resource));
  return async_resource_init_at(site, &req->resource, type, &options);
}

int asyncscope__connect_tracked(async_uv_connect_t *req, int error) {
  if (error != 0)
    async_resource_finish(&req->resource);
  else if (req->cb != NULL)
    asyncscope__resource_owes(&req->resource);
  return error;
}

void asyncscope__on_connect(uv_connect_t *uv, int status) {
  async_uv_connect_t *req = (async_uv_connect_t *)uv;
  if (req->cb == NULL) {
    async_resource_finish(&req->resource);
    return;
  }
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req, status);
  asyncscope__uv_scope_close_last(&scope);
}
