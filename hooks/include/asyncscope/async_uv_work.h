/* uv_queue_work(), tracked as WORK: libuv's own thread pool, bound to the
 * context of whoever queued.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread), UV_ECANCELED while the environment
 *     ends, UV_ENOMEM, and what libuv answers; then no callback comes.
 *   Memory: a request is the caller's again when after_work_cb is called.
 *   Node: has none; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_WORK_H
#define ASYNCSCOPE_ASYNC_UV_WORK_H

#include "asyncscope/async_resource.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Work for libuv's threads: uv_work_t, tracked. */
typedef struct async_uv_work_s {
  __extension__ union {
    uv_work_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      uv_loop_t *loop;
    };
  };
  /* private */
  async_resource_t resource;
  const async_site_t *site;
  async_ref_t ref;
  void (*work_cb)(struct async_uv_work_s *req);
  void (*after_work_cb)(struct async_uv_work_s *req, int status);
} async_uv_work_t;

/* Runs on a thread of libuv's pool, which gets an environment of kind
 * ASYNC_ENV_WORKER, named "uv-N", when it first runs one, and keeps it until
 * the thread ends: there the work is a resource WORK of that thread, whose
 * origin is `req`, in the frame of whoever queued it. Ticks it queues run
 * before it is done. Without memory for that it runs in no context. */
typedef void (*async_uv_work_cb)(async_uv_work_t *req);

/* In the context of whoever queued; `req` is the caller's again.
 * `status` is UV_ECANCELED when the work was cancelled. */
typedef void (*async_uv_after_work_cb)(async_uv_work_t *req, int status);

/* init fires here, before and after around after_work_cb (which may be NULL),
 * then destroy.
 * Errors: UV_EINVAL (no work_cb, another thread's loop), UV_ENOMEM. Mirrors
 * uv_queue_work(). */
#define async_uv_queue_work(...) \
  async_uv_queue_work_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_queue_work_at(const async_site_t *site,
                                        uv_loop_t *loop, async_uv_work_t *req,
                                        async_uv_work_cb work_cb,
                                        async_uv_after_work_cb after_work_cb);

/* uv_cancel(): after_work_cb gets UV_ECANCELED. UV_EBUSY once the work runs or
 * has run. */
ASYNC_EXTERN int async_uv_work_cancel(async_uv_work_t *req);

#ifdef __cplusplus
}
#endif
#endif
