#include "asyncscope/async_uv_dns.h"

#include "env.h"
#include "uv_tracked.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_REQ(async_uv_getaddrinfo_t, uv_getaddrinfo_t);

static void on_getaddrinfo(uv_getaddrinfo_t *uv, int status,
                           struct addrinfo *res) {
  async_uv_getaddrinfo_t *req = (async_uv_getaddrinfo_t *)uv;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req, status, res);
  asyncscope__uv_scope_close_last(&scope);
}

int async_uv_getaddrinfo_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_getaddrinfo_t *req,
                            async_uv_getaddrinfo_cb cb, const char *node,
                            const char *service, const struct addrinfo *hints) {
  req->resource = (async_resource_t){.data = NULL};
  req->cb = cb;
  if (cb == NULL)
    return uv_getaddrinfo(loop, &req->uv, NULL, node, service, hints);
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = async_resource_init_at(site, &req->resource, "GETADDRINFOREQWRAP",
                                   NULL);
  if (error != 0)
    return error;
  error = uv_getaddrinfo(loop, &req->uv, on_getaddrinfo, node, service, hints);
  if (error != 0)
    async_resource_finish(&req->resource);
  else if (node != NULL)
    async_resource_set_name(&req->resource, node, strlen(node));
  return error;
}

int async_uv_getaddrinfo_cancel(async_uv_getaddrinfo_t *req) {
  return uv_cancel((uv_req_t *)&req->uv);
}
