/* uv_getaddrinfo(), tracked as GETADDRINFOREQWRAP. */
#ifndef ASYNCSCOPE_ASYNC_UV_DNS_H
#define ASYNCSCOPE_ASYNC_UV_DNS_H

#include "asyncscope/async_resource.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct async_uv_getaddrinfo_s {
  union {
    uv_getaddrinfo_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
    };
  };
  /* private */
  async_resource_t resource;
  void (*cb)(struct async_uv_getaddrinfo_s *req, int status,
             struct addrinfo *res);
} async_uv_getaddrinfo_t;
typedef void (*async_uv_getaddrinfo_cb)(async_uv_getaddrinfo_t *req, int status,
                                        struct addrinfo *res);

/* `res` is the callback's to give to uv_freeaddrinfo(). A NULL cb resolves
 * synchronously, without a resource, into req->uv.addrinfo.
 * Errors: UV_EINVAL, UV_ENOMEM, UV_ENAMETOOLONG and what libuv answers; then
 * cb is not called. Node: dns.lookup(). */
#define async_uv_getaddrinfo(loop, req, cb, node, service, hints) \
  async_uv_getaddrinfo_at(ASYNC_SITE(), loop, req, cb, node, service, hints)
ASYNC_EXTERN int async_uv_getaddrinfo_at(const async_site_t *site,
                                         uv_loop_t *loop,
                                         async_uv_getaddrinfo_t *req,
                                         async_uv_getaddrinfo_cb cb,
                                         const char *node, const char *service,
                                         const struct addrinfo *hints);

/* uv_cancel(): cb gets UV_ECANCELED. UV_EBUSY once it runs. */
ASYNC_EXTERN int async_uv_getaddrinfo_cancel(async_uv_getaddrinfo_t *req);

#ifdef __cplusplus
}
#endif
#endif
