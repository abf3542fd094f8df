/* What works on tracked handles of every family, as uv_close() and its like
 * do. Give them only handles that an async_uv_*_init() made. */
#ifndef ASYNCSCOPE_ASYNC_UV_HANDLE_H
#define ASYNCSCOPE_ASYNC_UV_HANDLE_H

#include "asyncscope/async_resource.h"
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The public fields of a libuv handle, in its order. */
#define ASYNC_UV_HANDLE_FIELDS \
  void *data;                  \
  uv_loop_t *loop;             \
  uv_handle_type type;

/* Any tracked handle, behind a pointer. */
typedef struct async_uv_handle_s {
  union {
    uv_handle_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS
    };
  };
} async_uv_handle_t;

typedef void (*async_uv_close_cb)(async_uv_handle_t *handle);
typedef void (*async_uv_alloc_cb)(async_uv_handle_t *handle,
                                  size_t suggested_size_bytes, uv_buf_t *buf);

/* Our part of each tracked handle. */
typedef struct async_uv_tracked_s {
  /* private */
  async_resource_t resource;
  async_uv_close_cb close_cb;
  async_uv_handle_t *handle;
  struct async_uv_tracked_s *next, **link; /* NULL: not open */
} async_uv_tracked_t;

/* uv_close(). close_cb (may be NULL) runs in the scope of the handle's
 * resource where it has one, then its destroy is queued. The memory is the
 * caller's again when close_cb is called, or the loop closed: freeing it there
 * is fine. Thread: the loop's; inside hooks too. */
ASYNC_EXTERN void async_uv_close(async_uv_handle_t *handle,
                                 async_uv_close_cb close_cb);

/* uv_ref(), uv_unref(), uv_has_ref(), uv_is_active(), uv_is_closing(). */
ASYNC_EXTERN void async_uv_ref(async_uv_handle_t *handle);
ASYNC_EXTERN void async_uv_unref(async_uv_handle_t *handle);
ASYNC_EXTERN int async_uv_has_ref(const async_uv_handle_t *handle);
ASYNC_EXTERN int async_uv_is_active(const async_uv_handle_t *handle);
ASYNC_EXTERN int async_uv_is_closing(const async_uv_handle_t *handle);

/* The resource of a tracked handle. A family that is started and stopped has
 * one while it is started, a stream from listen, connect, open or accept and
 * any other from init until its close callback has returned; without one
 * async_resource_async_id() is -1. Not to be asked for after the close
 * callback. Borrowed. */
ASYNC_EXTERN async_resource_t *async_uv_handle_resource(
    async_uv_handle_t *handle);

#ifdef __cplusplus
}
#endif
#endif
