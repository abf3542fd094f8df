/* uv_getaddrinfo(), tracked as GETADDRINFOREQWRAP, and uv_getnameinfo(), as
 * GETNAMEINFOREQWRAP.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread), UV_ECANCELED while the environment
 *     ends, UV_ENOMEM, and what libuv answers; then no callback comes.
 *   Memory: a request is the caller's again when its callback is called; names
 *     and addresses are copied.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_DNS_H
#define ASYNCSCOPE_ASYNC_UV_DNS_H

#include "asyncscope/async_resource.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A look-up of addresses: uv_getaddrinfo_t, tracked. */
typedef struct async_uv_getaddrinfo_s {
  __extension__ union {
    uv_getaddrinfo_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      uv_loop_t *loop;
    };
  };
  /* private */
  async_resource_t resource;
  void (*cb)(struct async_uv_getaddrinfo_s *req, int status,
             struct addrinfo *res);
} async_uv_getaddrinfo_t;

/* `status` 0, or why there is no `res`. */
typedef void (*async_uv_getaddrinfo_cb)(async_uv_getaddrinfo_t *req, int status,
                                        struct addrinfo *res);

/* `res` is the callback's to give to uv_freeaddrinfo(). A NULL cb resolves
 * synchronously, without a resource, into req->uv.addrinfo.
 * Errors: UV_EINVAL, UV_ENOMEM, UV_ENAMETOOLONG and what libuv answers; then
 * cb is not called. Node: dns.lookup(). */
#define async_uv_getaddrinfo(...) \
  async_uv_getaddrinfo_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_getaddrinfo_at(const async_site_t *site,
                                         uv_loop_t *loop,
                                         async_uv_getaddrinfo_t *req,
                                         async_uv_getaddrinfo_cb cb,
                                         const char *node, const char *service,
                                         const struct addrinfo *hints);

/* uv_cancel(): cb gets UV_ECANCELED. UV_EBUSY once it runs. */
ASYNC_EXTERN int async_uv_getaddrinfo_cancel(async_uv_getaddrinfo_t *req);

/* A look-up of a name: uv_getnameinfo_t, tracked. */
typedef struct async_uv_getnameinfo_s {
  __extension__ union {
    uv_getnameinfo_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      uv_loop_t *loop;
    };
  };
  /* private */
  async_resource_t resource;
  void (*cb)(struct async_uv_getnameinfo_s *req, int status,
             const char *hostname, const char *service);
} async_uv_getnameinfo_t;

/* `status` 0, or why there are no names. */
typedef void (*async_uv_getnameinfo_cb)(async_uv_getnameinfo_t *req, int status,
                                        const char *hostname,
                                        const char *service);

/* `hostname` and `service` are the request's: NULL unless `status` is 0, and
 * good until it is used again or its memory given away. `flags` are those of
 * getnameinfo(). A NULL cb resolves synchronously, without a resource, into
 * req->uv.host and req->uv.service.
 * Errors: UV_EINVAL (neither IPv4 nor IPv6, another thread's loop), UV_ENOMEM;
 * then cb is not called.
 * Node: dns.lookupService(). */
#define async_uv_getnameinfo(...) \
  async_uv_getnameinfo_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_getnameinfo_at(
    const async_site_t *site, uv_loop_t *loop, async_uv_getnameinfo_t *req,
    async_uv_getnameinfo_cb cb, const struct sockaddr *addr, int flags);

/* uv_cancel(): cb gets UV_EAI_CANCELED. UV_EBUSY once it runs. */
ASYNC_EXTERN int async_uv_getnameinfo_cancel(async_uv_getnameinfo_t *req);

#ifdef __cplusplus
}
#endif
#endif
