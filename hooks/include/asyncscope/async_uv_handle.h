/* What works on tracked handles of every family, as uv_close() and its like
 * do. Give them only handles that an async_uv_*_init() made.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL, and what libuv answers. 1 and 0 are yes and no.
 *   Memory: a handle is the caller's again in its close callback; what is
 *     passed besides is read during the call only.
 *   Node: where one is named; libuv: the function of the same name. */
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

/* Any tracked handle, behind a pointer. In C++ an anonymous struct, as all
 * tracked types have one, is an extension of the compiler. */
typedef struct async_uv_handle_s {
  __extension__ union {
    uv_handle_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS
    };
  };
} async_uv_handle_t;

/* The memory of the handle is the caller's again. */
typedef void (*async_uv_close_cb)(async_uv_handle_t *handle);

/* Gives memory to read into, of the size suggested or any other; with
 * none (len 0) the read callback gets UV_ENOBUFS. */
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

/* uv_close(). close_cb (may be NULL) runs in the scope of the handle's resource
 * where it has one, then its destroy is queued. The memory is the caller's
 * again when close_cb is called, or the loop closed: freeing it there is fine.
 * Nothing happens on a thread that is not the loop's and for a type that is not
 * tracked, and async_error_message() says so. A handle is closed once. */
ASYNC_EXTERN void async_uv_close(async_uv_handle_t *handle,
                                 async_uv_close_cb close_cb);

/* uv_ref(), uv_unref(), uv_has_ref(), uv_is_active(), uv_is_closing(). The
 * first two do nothing on a thread that is not the loop's. */
ASYNC_EXTERN void async_uv_ref(async_uv_handle_t *handle);
ASYNC_EXTERN void async_uv_unref(async_uv_handle_t *handle);
ASYNC_EXTERN int async_uv_has_ref(const async_uv_handle_t *handle);
ASYNC_EXTERN int async_uv_is_active(const async_uv_handle_t *handle);
ASYNC_EXTERN int async_uv_is_closing(const async_uv_handle_t *handle);

/* uv_handle_get_*(), uv_handle_set_data(): the public fields, as functions. */
ASYNC_EXTERN uv_handle_type
async_uv_handle_get_type(const async_uv_handle_t *handle);
ASYNC_EXTERN void *async_uv_handle_get_data(const async_uv_handle_t *handle);
ASYNC_EXTERN void async_uv_handle_set_data(async_uv_handle_t *handle,
                                           void *data);
ASYNC_EXTERN uv_loop_t *async_uv_handle_get_loop(
    const async_uv_handle_t *handle);

/* uv_fileno(): the handle's descriptor, borrowed.
 * Errors: UV_EINVAL (a type that has none), UV_EBADF (not open, or closing). */
ASYNC_EXTERN int async_uv_fileno(const async_uv_handle_t *handle,
                                 uv_os_fd_t *ret_fd);

/* uv_send_buffer_size(), uv_recv_buffer_size(): bytes of the kernel's buffer of
 * a socket. 0 at `size_bytes` asks for it, any other sets it, which Linux
 * doubles.
 * Errors: UV_EINVAL, UV_ENOTSUP (no TCP, pipe or UDP handle), UV_EBADF. */
ASYNC_EXTERN int async_uv_send_buffer_size(async_uv_handle_t *handle,
                                           int *size_bytes);
ASYNC_EXTERN int async_uv_recv_buffer_size(async_uv_handle_t *handle,
                                           int *size_bytes);

/* uv_walk() over the open tracked handles, also those that are closing; in no
 * promised order. Unlike uv_walk() it leaves out asyncscope's own handles, so
 * that a program may close all that it gets. What `cb` opens is left out too.
 * Nothing happens for another thread's loop, and with a NULL cb. */
typedef void (*async_uv_walk_cb)(async_uv_handle_t *handle, void *arg);
ASYNC_EXTERN void async_uv_walk(uv_loop_t *loop, async_uv_walk_cb cb,
                                void *arg);

/* uv_handle_size(): bytes of the tracked handle of a type, for those who give
 * memory to one without its struct; (size_t)-1 for a type that has no struct.
 * Thread: any. */
ASYNC_EXTERN size_t async_uv_handle_size(uv_handle_type type);

/* The resource of a tracked handle, NULL of another type. A family that is
 * started and stopped has one while it is started, a timer until it has fired
 * for the last time; a TCP or pipe handle has one from listen, connect, open or
 * accept and any other from init, until its close callback has returned.
 * Without one async_resource_async_id() is -1. Not to be asked for after the
 * close callback. Borrowed.
 * Node: the handle's object itself. */
ASYNC_EXTERN async_resource_t *async_uv_handle_resource(
    async_uv_handle_t *handle);

#ifdef __cplusplus
}
#endif
#endif
