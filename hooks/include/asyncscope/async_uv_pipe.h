/* uv_pipe_t, tracked: PIPESERVERWRAP from listen on, PIPEWRAP from connect,
 * open, accept or async_uv_spawn() on. Before that the handle has no resource.
 * Listening, reading and writing: async_uv_stream.h.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread, closing), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers; then nothing has
 *     begun and no callback comes. What only asks or sets an option does not
 *     look at the thread.
 *   Memory: a handle is the caller's again in its close callback, a request in
 *     its own; names are copied.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_PIPE_H
#define ASYNCSCOPE_ASYNC_UV_PIPE_H

#include "asyncscope/async_uv_stream.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A pipe or unix socket: uv_pipe_t, tracked. */
typedef struct async_uv_pipe_s {
  __extension__ union {
    uv_pipe_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  async_uv_stream_part_t stream;
  bool connects; /* a connect request waits for its callback */
} async_uv_pipe_t;

/* Makes a pipe without a file; no resource yet. `ipc` 1: handles can be sent
 * over it.
 * Errors: UV_EINVAL (another thread's loop), UV_ECANCELED (the thread is
 * ending). */
ASYNC_EXTERN int async_uv_pipe_init(uv_loop_t *loop, async_uv_pipe_t *pipe,
                                    int ipc);

/* The file of a pipe, or a socket, becomes a PIPEWRAP; a socket that listens
 * (SO_ACCEPTCONN) waits for async_uv_listen(). On success libuv owns the file.
 * Errors: UV_EINVAL, UV_ENOMEM, UV_EBADF, UV_EEXIST. */
#define async_uv_pipe_open(...) async_uv_pipe_open_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_pipe_open_at(const async_site_t *site,
                                       async_uv_pipe_t *pipe, uv_file file);

/* Errors: UV_EINVAL, UV_ENAMETOOLONG for a name that libuv would cut, and what
 * uv_pipe_bind() answers. */
ASYNC_EXTERN int async_uv_pipe_bind(async_uv_pipe_t *pipe, const char *name);

/* PIPEWRAP for the handle, then PIPECONNECTWRAP triggered by it; cb (may be
 * NULL) runs in the latter's scope and gets what libuv could not do, such as
 * UV_ENOENT. Unlike uv_pipe_connect() it answers an error where nothing was
 * begun, and then cb is not called: UV_EINVAL, UV_ENAMETOOLONG for a name that
 * libuv would cut, UV_EALREADY, UV_ENOMEM. */
#define async_uv_pipe_connect(...) \
  async_uv_pipe_connect_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_pipe_connect_at(const async_site_t *site,
                                          async_uv_connect_t *req,
                                          async_uv_pipe_t *pipe,
                                          const char *name,
                                          async_uv_connect_cb cb);

/* As the two above with a name of that many bytes, which may begin with a NUL:
 * then it is in Linux's abstract namespace; `flags` are libuv's.
 * Errors: as above, what uv_pipe_connect2() refuses is answered here, and
 * UV_ENOSYS before libuv 1.46. */
ASYNC_EXTERN int async_uv_pipe_bind2(async_uv_pipe_t *pipe, const char *name,
                                     size_t namelen, unsigned int flags);
#define async_uv_pipe_connect2(...) \
  async_uv_pipe_connect2_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_pipe_connect2_at(const async_site_t *site,
                                           async_uv_connect_t *req,
                                           async_uv_pipe_t *pipe,
                                           const char *name, size_t namelen,
                                           unsigned int flags,
                                           async_uv_connect_cb cb);

/* How many handles were sent over the pipe (made with `ipc`) and wait for
 * async_uv_accept(), and of what type the first is: UV_TCP, UV_NAMED_PIPE,
 * UV_UDP, or UV_UNKNOWN_HANDLE when there is none. Ask in the pipe's read
 * callback, and accept until there is none left. */
ASYNC_EXTERN int async_uv_pipe_pending_count(async_uv_pipe_t *pipe);
ASYNC_EXTERN uv_handle_type async_uv_pipe_pending_type(async_uv_pipe_t *pipe);
/* As libuv's of the same name; it does nothing but on Windows. */
ASYNC_EXTERN void async_uv_pipe_pending_instances(async_uv_pipe_t *pipe,
                                                  int count);

/* The size counts bytes, the name's end is not among them. UV_ENOBUFS: the
 * size that is needed is in *size_bytes. */
ASYNC_EXTERN int async_uv_pipe_getsockname(const async_uv_pipe_t *pipe,
                                           char *ret_name, size_t *size_bytes);
ASYNC_EXTERN int async_uv_pipe_getpeername(const async_uv_pipe_t *pipe,
                                           char *ret_name, size_t *size_bytes);

/* Who may connect: UV_READABLE, UV_WRITABLE or both. */
ASYNC_EXTERN int async_uv_pipe_chmod(async_uv_pipe_t *pipe, int flags);

#ifdef __cplusplus
}
#endif
#endif
