/* What works on tracked requests of every family.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL, and what libuv answers.
 *   Memory: a request is the caller's again when its callback is called.
 *   Node: has none; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_REQ_H
#define ASYNCSCOPE_ASYNC_UV_REQ_H

#include "asyncscope/async_types.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any tracked request, behind a pointer. */
typedef struct async_uv_req_s {
  __extension__ union {
    uv_req_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
    };
  };
} async_uv_req_t;

/* uv_cancel(), of file, work, look-up and random requests: the callback gets
 * UV_ECANCELED, later.
 * Errors: UV_EBUSY once the request runs or has run, UV_EINVAL for a request of
 * another type or of another thread's loop. */
ASYNC_EXTERN int async_uv_cancel(async_uv_req_t *req);

/* uv_req_get_*(), uv_req_set_data(): the public fields, as functions. */
ASYNC_EXTERN uv_req_type async_uv_req_get_type(const async_uv_req_t *req);
ASYNC_EXTERN void *async_uv_req_get_data(const async_uv_req_t *req);
ASYNC_EXTERN void async_uv_req_set_data(async_uv_req_t *req, void *data);

/* uv_req_size(): bytes of the tracked request of a type, for those who give
 * memory to one without its struct; (size_t)-1 for a type that has no struct.
 * Thread: any. */
ASYNC_EXTERN size_t async_uv_req_size(uv_req_type type);

#ifdef __cplusplus
}
#endif
#endif
