/* uv_random(), tracked as RANDOMBYTESREQUEST.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread), UV_ECANCELED while the environment
 *     ends, UV_ENOMEM, and what libuv answers; then no callback comes.
 *   Memory: a request is the caller's again when its callback is called.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_RANDOM_H
#define ASYNCSCOPE_ASYNC_UV_RANDOM_H

#include "asyncscope/async_resource.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A request for random bytes: uv_random_t, tracked. */
typedef struct async_uv_random_s {
  __extension__ union {
    uv_random_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      uv_loop_t *loop;
    };
  };
  /* private */
  async_resource_t resource;
  void (*cb)(struct async_uv_random_s *req, int status, void *buf,
             size_t buflen);
} async_uv_random_t;

/* `buf` is filled where `status` is 0. */
typedef void (*async_uv_random_cb)(async_uv_random_t *req, int status,
                                   void *buf, size_t buflen);

/* Fills `buflen` bytes at `buf`, which must stay until cb, with bytes that are
 * good for cryptography. `flags` must be 0. With a NULL cb it blocks until they
 * are there, without a resource; loop and req may then be NULL.
 * Errors: UV_EINVAL (flags, another thread's loop), UV_E2BIG (above 2^31 - 1
 * bytes), UV_ENOMEM; then cb is not called.
 * Thread: the loop's; without cb any.
 * Node: crypto.randomBytes(). */
#define async_uv_random(...) async_uv_random_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_random_at(const async_site_t *site, uv_loop_t *loop,
                                    async_uv_random_t *req, void *buf,
                                    size_t buflen, unsigned int flags,
                                    async_uv_random_cb cb);

/* uv_cancel(): cb gets UV_ECANCELED. UV_EBUSY once it runs. */
ASYNC_EXTERN int async_uv_random_cancel(async_uv_random_t *req);

#ifdef __cplusplus
}
#endif
#endif
