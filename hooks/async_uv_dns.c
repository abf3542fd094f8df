#include "asyncscope/async_uv_dns.h"

#include "env.h"
#include "resource.h"
#include "uv_tracked.h"
#include <string.h>

ASYNCSCOPE__MIRRORS_REQ(async_uv_getaddrinfo_t, uv_getaddrinfo_t);
ASYNCSCOPE__MIRRORS(async_uv_getaddrinfo_t, uv_getaddrinfo_t, loop);
ASYNCSCOPE__MIRRORS_REQ(async_uv_getnameinfo_t, uv_getnameinfo_t);
ASYNCSCOPE__MIRRORS(async_uv_getnameinfo_t, uv_getnameinfo_t, loop);

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
  if (error == 0)
    asyncscope__resource_owes(&req->resource);
  return error;
}

int async_uv_getaddrinfo_cancel(async_uv_getaddrinfo_t *req) {
  return asyncscope__cancel((uv_req_t *)&req->uv);
}

static void on_getnameinfo(uv_getnameinfo_t *uv, int status,
                           const char *hostname, const char *service) {
  async_uv_getnameinfo_t *req = (async_uv_getnameinfo_t *)uv;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req, status, hostname, service);
  asyncscope__uv_scope_close_last(&scope);
}

/* The address is shown in diagnostics; without memory for it, it is not. */
static void show_address(async_uv_getnameinfo_t *req,
                         const struct sockaddr *addr) {
  char text[INET6_ADDRSTRLEN];
  int error = addr->sa_family == AF_INET
                  ? uv_ip4_name((const void *)addr, text, sizeof(text))
                  : uv_ip6_name((const void *)addr, text, sizeof(text));
  if (error == 0)
    async_resource_set_name(&req->resource, text, strlen(text));
}

int async_uv_getnameinfo_at(const async_site_t *site, uv_loop_t *loop,
                            async_uv_getnameinfo_t *req,
                            async_uv_getnameinfo_cb cb,
                            const struct sockaddr *addr, int flags) {
  req->resource = (async_resource_t){.data = NULL};
  req->cb = cb;
  if (cb == NULL)
    return uv_getnameinfo(loop, &req->uv, NULL, addr, flags);
  int error = asyncscope__check_loop(loop);
  if (error == 0)
    error = async_resource_init_at(site, &req->resource, "GETNAMEINFOREQWRAP",
                                   NULL);
  if (error != 0)
    return error;
  error = uv_getnameinfo(loop, &req->uv, on_getnameinfo, addr, flags);
  if (error != 0)
    async_resource_finish(&req->resource);
  else
    show_address(req, addr);
  if (error == 0)
    asyncscope__resource_owes(&req->resource);
  return error;
}

int async_uv_getnameinfo_cancel(async_uv_getnameinfo_t *req) {
  return asyncscope__cancel((uv_req_t *)&req->uv);
}
