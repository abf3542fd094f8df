/* The floor: the server's own sources with tracking compiled out. Put before
 * every source of server/http and server/app, it makes their tracked calls
 * libuv's own and what has none of these nothing. Contexts, ids, headers,
 * router, limits and deadlines stay. Only what /hello, /flow and /sum need
 * works then. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_request.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/async_uv.h"
#include "floor_work.h"

#undef async_callback_scope_open
#undef async_immediate_start
#undef async_resource_init
#undef async_uv_accept
#undef async_uv_listen
#undef async_uv_pipe_init
#undef async_uv_pipe_open
#undef async_uv_read_start
#undef async_uv_read_stop
#undef async_uv_shutdown
#undef async_uv_tcp_init
#undef async_uv_tcp_open
#undef async_uv_try_write
#undef async_uv_write

/* A context has to go at the end of its request here too: it is all that there
 * is of a frame. */
void request_context_release(void *context);

static inline int floor_begin(async_resource_t *resource,
                              const async_resource_options_t *options) {
  bool given = options != NULL && (options->flags & ASYNC_RESOURCE_FRAME) != 0;

  resource->frame = given ? options->frame : floor_current;
  return 0;
}

static inline void floor_end(async_resource_t *resource) {
  if (resource->frame != NULL)
    request_context_release(resource->frame);
}

/* Of a handle nothing is known, so it has no scope. */
static inline int floor_enter(const async_resource_t *resource) {
  if (resource == NULL)
    return -1;
  floor_swap(resource->frame);
  return 0;
}

static inline bool floor_internal(bool internal) {
  (void)internal;
  return false;
}

#define async_env_batch_begin()              ((void)0)
#define async_env_batch_end()                ((void)0)
#define async_env_detach()                   ((void)0)
#define async_env_set_name(name)             ((void)(name))
#define async_env_thread()                   0
#define async_env_now_ns()                   uv_hrtime()
#define async_env_read_clock_ns()            ((void)0)
#define async_env_set_internal(internal)     floor_internal(internal)
#define async_failure()                      ((const char *)0)
#define async_failure_uncaught()             ((void)0)

#define async_callback_scope_open(r)         floor_enter(r)
#define async_callback_scope_close(r)        ((void)(r), (void)floor_swap(NULL))
#define async_callback_scope_close_last(r)   async_callback_scope_close(r)
#define async_resource_init(r, t, o)         ((void)(t), floor_begin(r, o))
#define async_resource_finish(r)             floor_end(r)
#define async_resource_set_name(r, n, s)     ((void)(r), (void)(n), (void)(s))
#define async_resource_async_id(r)           ((void)(r), (async_id_t)1)
#define async_resource_origin(r)             ((void)(r), (async_ref_t){0})

#define async_context_frame_swap(f)          floor_swap(f)
#define async_context_frame_release(f)       ((void)(f))
#define async_context_frame_retain(f)        (f)
#define async_context_frame_current()        ((async_context_frame_t *)0)
#define async_context_frame_account(f)       ((void)(f), (async_request_t *)0)
#define async_local_storage_enter_with(s, v) ((void)(s), (void)floor_swap(v), 0)
#define async_local_storage_get_store(s)     ((void)(s), floor_current)

#define async_request_begin(o, ret)          ((void)(o), *(ret) = 0, 0)
#define async_request_end(r, s)              ((void)(r), (void)(s))
#define async_request_add_bytes(r, i, o)     ((void)(r), (void)(i), (void)(o))
#define async_request_set_failed(r)          ((void)(r))

#define async_immediate_start(i, cb)         ((void)(i), (void)(cb), UV_ENOSYS)
#define async_immediate_stop(i)              ((void)(i))

#define async_uv_handle_resource(h)          ((void)(h), (async_resource_t *)0)
#define async_uv_accept(s, c)                uv_accept((uv_stream_t *)(s), (uv_stream_t *)(c))
#define async_uv_close(h, cb)                uv_close((uv_handle_t *)(h), (uv_close_cb)(cb))
#define async_uv_listen(s, n, cb) \
  uv_listen((uv_stream_t *)(s), n, (uv_connection_cb)(cb))
#define async_uv_pipe_init(l, p, ipc) uv_pipe_init(l, (uv_pipe_t *)(p), ipc)
#define async_uv_pipe_open(p, fd)     uv_pipe_open((uv_pipe_t *)(p), fd)
#define async_uv_read_start(s, a, cb) \
  uv_read_start((uv_stream_t *)(s), (uv_alloc_cb)(a), (uv_read_cb)(cb))
#define async_uv_read_stop(s) uv_read_stop((uv_stream_t *)(s))
#define async_uv_shutdown(r, s, cb) \
  uv_shutdown((uv_shutdown_t *)(r), (uv_stream_t *)(s), (uv_shutdown_cb)(cb))
#define async_uv_stream_get_write_queue_size(s) \
  uv_stream_get_write_queue_size((const uv_stream_t *)(s))
#define async_uv_tcp_getpeername(t, a, n) \
  uv_tcp_getpeername((const uv_tcp_t *)(t), a, n)
#define async_uv_tcp_init(l, t)     uv_tcp_init(l, (uv_tcp_t *)(t))
#define async_uv_tcp_nodelay(t, on) uv_tcp_nodelay((uv_tcp_t *)(t), on)
#define async_uv_tcp_open(t, fd)    uv_tcp_open((uv_tcp_t *)(t), fd)
#define async_uv_try_write(s, b, n) uv_try_write((uv_stream_t *)(s), b, n)
#define async_uv_write(r, s, b, n, cb) \
  uv_write((uv_write_t *)(r), (uv_stream_t *)(s), b, n, (uv_write_cb)(cb))

#endif
