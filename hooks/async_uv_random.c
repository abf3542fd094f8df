#include "asyncscope/async_uv_random.h"

#include "env.h"
#include "resource.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_REQ(async_uv_random_t, uv_random_t);
ASYNCSCOPE__MIRRORS(async_uv_random_t, uv_random_t, loop);

static void on_random(uv_random_t *uv, int status, void *buf, size_t buflen) {
  async_uv_random_t *req = (async_uv_random_t *)uv;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req, status, buf, buflen);
  asyncscope__uv_scope_close_last(&scope);
}

int async_uv_random_at(const async_site_t *site, uv_loop_t *loop,
                       async_uv_random_t *req, void *buf, size_t buflen,
                       unsigned int flags, async_uv_random_cb cb) {
  if (cb == NULL)
    return uv_random(NULL, NULL, buf, buflen, flags, NULL);
  int error = asyncscope__check_loop(loop);
  req->resource = (async_resource_t){.data = NULL};
  req->cb = cb;
  if (error == 0)
    error = async_resource_init_at(site, &req->resource, "RANDOMBYTESREQUEST",
                                   NULL);
  if (error != 0)
    return error;
  error = uv_random(loop, &req->uv, buf, buflen, flags, on_random);
  if (error != 0)
    async_resource_finish(&req->resource);
  else
    asyncscope__resource_owes(&req->resource);
  return error;
}

int async_uv_random_cancel(async_uv_random_t *req) {
  return asyncscope__cancel((uv_req_t *)&req->uv);
}
