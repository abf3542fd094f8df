/* What uv_stream_t does, tracked: listen, accept, read, write, shutdown.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread, closing), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers; then nothing has
 *     begun and no callback comes. What only asks or sets an option does not
 *     look at the thread.
 *   Memory: a handle is the caller's again in its close callback, a request in
 *     its own; buffers must stay until then.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_STREAM_H
#define ASYNCSCOPE_ASYNC_UV_STREAM_H

#include "asyncscope/async_queue.h"
#include "asyncscope/async_uv_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

struct async_uv_stream_s;

/* A connection is there for async_uv_accept(); or `status` says why not. */
typedef void (*async_uv_connection_cb)(struct async_uv_stream_s *server,
                                       int status);

/* `nread` bytes came, 0 for none yet, or UV_EOF or an error. `buf` is the
 * alloc callback's: the program's again, also after an error. */
typedef void (*async_uv_read_cb)(struct async_uv_stream_s *stream,
                                 ssize_t nread, const uv_buf_t *buf);

/* Our part of each tracked stream, after the tracked handle's. */
typedef struct async_uv_stream_part_s {
  /* private */
  async_uv_connection_cb connection_cb;
  async_uv_alloc_cb alloc_cb;
  async_uv_read_cb read_cb;
  async_id_t accepted_async_id; /* of the connection waiting for accept */
  unsigned pending_writes;      /* queued, their callbacks are to come */
} async_uv_stream_part_t;

/* Any tracked stream, behind a pointer. */
typedef struct async_uv_stream_s {
  __extension__ union {
    uv_stream_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS
    };
  };
} async_uv_stream_t;

/* For async_uv_tcp_connect() and async_uv_pipe_connect(). */
typedef struct async_uv_connect_s {
  __extension__ union {
    uv_connect_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6];   /* libuv's */
      uv_connect_cb uv_cb; /* libuv's */
      async_uv_stream_t *handle;
    };
  };
  /* private */
  async_resource_t resource;
  void (*cb)(struct async_uv_connect_s *req, int status);
} async_uv_connect_t;
typedef void (*async_uv_connect_cb)(async_uv_connect_t *req, int status);

/* The stream becomes a server: init (TCPSERVERWRAP, PIPESERVERWRAP) here.
 * connection_cb runs in its scope; async_hooks_trigger_async_id() there is the
 * id the new connection gets from async_uv_accept().
 * Errors: UV_EINVAL, UV_ENOMEM, UV_EADDRINUSE and what uv_listen() answers. */
#define async_uv_listen(...) async_uv_listen_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_listen_at(const async_site_t *site,
                                    async_uv_stream_t *stream, int backlog,
                                    async_uv_connection_cb connection_cb);

/* The client's init (TCPWRAP, PIPEWRAP): trigger the server, execution 0, no
 * frame, as the connection came from outside every context. The same for a
 * handle that was sent over a pipe (async_uv_pipe_pending_count()), its trigger
 * is the pipe; that may also be a UDP handle, which stays what it is. So its
 * callbacks see no store, also where this is called inside a run(), as in Node:
 * async_uv_reset() right behind it makes the connection the caller's.
 * Errors: UV_EAGAIN when none waits, UV_EBUSY when the client has a socket,
 * UV_ENOMEM, UV_EINVAL; after these three the connection waits on, with the
 * same id. */
#define async_uv_accept(...) async_uv_accept_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_accept_at(const async_site_t *site,
                                    async_uv_stream_t *server,
                                    async_uv_stream_t *client);

/* read_cb runs in the stream's scope; alloc_cb outside of it, right before.
 * Errors: UV_EINVAL (closing), UV_EALREADY, UV_ENOTCONN. */
ASYNC_EXTERN int async_uv_read_start(async_uv_stream_t *stream,
                                     async_uv_alloc_cb alloc_cb,
                                     async_uv_read_cb read_cb);
ASYNC_EXTERN int async_uv_read_stop(async_uv_stream_t *stream);

/* A write: uv_write_t, tracked. */
typedef struct async_uv_write_s {
  __extension__ union {
    uv_write_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      uv_write_cb uv_cb; /* libuv's */
      async_uv_stream_t *send_handle;
      async_uv_stream_t *handle;
    };
  };
  /* private */
  union {
    async_resource_t resource; /* WRITEWRAP */
    async_tick_t tick;         /* when it was finished at once */
  };
  void (*cb)(struct async_uv_write_s *req, int status);
  async_uv_stream_t *stream;
  int status; /* for the tick */
} async_uv_write_t;

/* All is written, or `status` says why not. `req` is the caller's again. */
typedef void (*async_uv_write_cb)(async_uv_write_t *req, int status);

/* Writes at once what the kernel takes. When that is everything, or the kernel
 * answers an error, no WRITEWRAP is made and cb is called from a tick; else
 * WRITEWRAP, triggered by the stream. The callbacks of a stream come in the
 * order of its writes. The buffers' memory must stay until cb; cb may be NULL;
 * `req` is the caller's again when cb is called.
 * Errors: UV_EINVAL (no buffers), UV_EBADF, UV_EPIPE (not connected, or shut
 * down), UV_ENOMEM; then cb is not called. After UV_ENOMEM a part may have
 * been written: nothing is left to do with the stream but to close it. */
#define async_uv_write(...) async_uv_write_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_write_at(const async_site_t *site,
                                   async_uv_write_t *req,
                                   async_uv_stream_t *stream,
                                   const uv_buf_t bufs[], unsigned int nbufs,
                                   async_uv_write_cb cb);

/* The same with a TCP, pipe or UDP handle that goes along, over a pipe made for
 * it (`ipc`): WRITEWRAP in any case, as in Node. The handle must stay open
 * until cb. Errors: also UV_EINVAL for another stream, UV_EBADF for a handle
 * that is not open.
 * Node: process.send(message, handle). */
#define async_uv_write2(...) async_uv_write2_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_write2_at(const async_site_t *site,
                                    async_uv_write_t *req,
                                    async_uv_stream_t *stream,
                                    const uv_buf_t bufs[], unsigned int nbufs,
                                    async_uv_handle_t *send_handle,
                                    async_uv_write_cb cb);

/* Bytes written, UV_EAGAIN when none could be. Makes no resource.
 * Errors, of both: those of async_uv_write(). */
ASYNC_EXTERN int async_uv_try_write(async_uv_stream_t *stream,
                                    const uv_buf_t bufs[], unsigned int nbufs);
ASYNC_EXTERN int async_uv_try_write2(async_uv_stream_t *stream,
                                     const uv_buf_t bufs[], unsigned int nbufs,
                                     async_uv_handle_t *send_handle);

/* As libuv's of the same name.
 * Errors: UV_EINVAL. */
ASYNC_EXTERN int async_uv_stream_set_blocking(async_uv_stream_t *stream,
                                              int blocking);

/* Bytes queued and not yet written. */
ASYNC_EXTERN size_t
async_uv_stream_get_write_queue_size(const async_uv_stream_t *stream);

/* The end of what a stream sends: uv_shutdown_t, tracked. */
typedef struct async_uv_shutdown_s {
  __extension__ union {
    uv_shutdown_t uv;
    struct {
      void *data; /* public */
      uv_req_type type;
      void *reserved[6]; /* libuv's */
      async_uv_stream_t *handle;
    };
  };
  /* private */
  async_resource_t resource;
  void (*cb)(struct async_uv_shutdown_s *req, int status);
} async_uv_shutdown_t;

/* All that was written before is sent, or `status` says why not. */
typedef void (*async_uv_shutdown_cb)(async_uv_shutdown_t *req, int status);

/* SHUTDOWNWRAP, triggered by the stream. cb may be NULL.
 * Errors: UV_ENOTCONN, UV_ENOMEM, UV_EINVAL; then cb is not called. */
#define async_uv_shutdown(...) async_uv_shutdown_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_shutdown_at(const async_site_t *site,
                                      async_uv_shutdown_t *req,
                                      async_uv_stream_t *stream,
                                      async_uv_shutdown_cb cb);

/* Whether the stream can be read from, or written to. */
ASYNC_EXTERN int async_uv_is_readable(const async_uv_stream_t *stream);
ASYNC_EXTERN int async_uv_is_writable(const async_uv_stream_t *stream);

#ifdef __cplusplus
}
#endif
#endif
