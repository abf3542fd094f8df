/* A write goes to the kernel at once when nothing else is on its way; what the
 * kernel leaves over is queued in libuv. Callbacks of one stream come in the
 * order of the writes: as long as one queued write waits for its callback, the
 * next one is queued as well, even if the kernel would take it. */
#include "asyncscope/async_uv_stream.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_uv_pipe.h"
#include "error.h"
#include "hot.h"
#include "resource.h"
#include "uv_stream.h"
#include "uv_tracked.h"
#include <assert.h>
#include <string.h>

ASYNCSCOPE__MIRRORS_REQ(async_uv_write_t, uv_write_t);
ASYNCSCOPE__MIRRORS(async_uv_write_t, uv_write_t, send_handle);
ASYNCSCOPE__MIRRORS(async_uv_write_t, uv_write_t, handle);
ASYNCSCOPE__MIRRORS_REQ(async_uv_shutdown_t, uv_shutdown_t);
ASYNCSCOPE__MIRRORS(async_uv_shutdown_t, uv_shutdown_t, handle);

#define BUFS_ON_STACK 16

static async_resource_options_t triggered_by(const async_uv_stream_t *stream) {
  return asyncscope__triggered_by((const async_uv_handle_t *)stream);
}

static size_t count_bytes(const uv_buf_t bufs[], unsigned int nbufs) {
  size_t bytes = 0;
  for (unsigned int i = 0; i < nbufs; i++)
    bytes += bufs[i].len;
  return bytes;
}

/* What libuv asserts. */
static int check_bufs(const uv_buf_t bufs[], unsigned int nbufs) {
  if (bufs == NULL || nbufs == 0)
    return asyncscope__fail(UV_EINVAL, "a write needs at least one buffer");
  return 0;
}

/* What it answers by a status that would be lost here. */
ASYNCSCOPE__APART static int check_open(const async_uv_stream_t *stream) {
  uv_os_fd_t fd;
  if (uv_fileno((const uv_handle_t *)&stream->uv, &fd) != 0)
    return asyncscope__fail(UV_EBADF, "the stream has no open socket");
  if (!uv_is_writable(&stream->uv))
    return asyncscope__fail(UV_EPIPE, "the stream is not writable");
  return 0;
}

/* `error`: of the stream. */
static int check_write(int error, const async_uv_stream_t *stream,
                       const uv_buf_t bufs[], unsigned int nbufs) {
  if (error == 0)
    error = check_bufs(bufs, nbufs);
  if (error == 0)
    error = check_open(stream);
  if (error == 0)
    asyncscope__handle_used((const async_uv_handle_t *)stream);
  return error;
}

static void on_tick(async_tick_t *tick) {
  async_uv_write_t *req =
      (void *)((char *)tick - offsetof(async_uv_write_t, tick));
  req->cb(req, req->status);
}

static int finish_at_once(const async_site_t *site, async_uv_write_t *req,
                          int status) {
  req->status = status;
  return asyncscope__finish_at_once(site, &req->tick,
                                    req->cb == NULL ? NULL : on_tick);
}

static void on_write(uv_write_t *uv, int status) {
  async_uv_write_t *req = (async_uv_write_t *)uv;
  asyncscope__stream_part(req->stream)->pending_writes--;
  if (req->cb == NULL) {
    async_resource_finish(&req->resource);
    return;
  }
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req, status);
  asyncscope__uv_scope_close_last(&scope);
}

/* Copies to `rest` what lies behind the first `written_bytes`; returns the
 * number of buffers. */
static unsigned int cut(const uv_buf_t bufs[], unsigned int nbufs,
                        size_t written_bytes, uv_buf_t rest[]) {
  unsigned int first = 0;
  while (written_bytes >= bufs[first].len) {
    written_bytes -= bufs[first].len;
    first++;
  }
  assert(first < nbufs); /* not all was written */
  memcpy(rest, &bufs[first], (nbufs - first) * sizeof(*rest));
  rest[0].base += written_bytes;
  rest[0].len -= written_bytes;
  return nbufs - first;
}

static int queue_rest(async_uv_write_t *req, const uv_buf_t bufs[],
                      unsigned int nbufs, size_t written_bytes) {
  uv_buf_t on_stack[BUFS_ON_STACK];
  uv_stream_t *stream = &req->stream->uv;
  uv_buf_t *rest = on_stack;
  if (written_bytes == 0)
    return uv_write(&req->uv, stream, bufs, nbufs, on_write);
  if (nbufs > BUFS_ON_STACK)
    rest = async_malloc(nbufs * sizeof(*rest));
  if (rest == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for %u buffers", nbufs);
  unsigned int nrest = cut(bufs, nbufs, written_bytes, rest);
  int error = uv_write(&req->uv, stream, rest, nrest, on_write);
  if (rest != on_stack)
    async_free(rest);
  return error;
}

static int track(const async_site_t *site, async_uv_write_t *req) {
  async_resource_options_t options = triggered_by(req->stream);
  memset(&req->resource, 0, sizeof(req->resource));
  return async_resource_init_at(site, &req->resource, "WRITEWRAP", &options);
}

/* `error` is libuv's answer; returns it. */
static int queued(async_uv_write_t *req, int error) {
  if (error != 0)
    async_resource_finish(&req->resource);
  else
    asyncscope__stream_part(req->stream)->pending_writes++;
  if (error == 0 && req->cb != NULL)
    asyncscope__resource_owes(&req->resource);
  return error;
}

static int finish_later(const async_site_t *site, async_uv_write_t *req,
                        const uv_buf_t bufs[], unsigned int nbufs,
                        size_t written_bytes) {
  int error = track(site, req);
  return error != 0 ? error
                    : queued(req, queue_rest(req, bufs, nbufs, written_bytes));
}

static void prepare(async_uv_write_t *req, async_uv_stream_t *stream,
                    async_uv_write_cb cb) {
  req->cb = cb;
  req->stream = stream;
  req->type = UV_WRITE;
  req->uv.handle = &stream->uv;
}

int async_uv_write_at(const async_site_t *site, async_uv_write_t *req,
                      async_uv_stream_t *stream, const uv_buf_t bufs[],
                      unsigned int nbufs, async_uv_write_cb cb) {
  int written = UV_EAGAIN;
  int error =
      check_write(asyncscope__check_stream_begin(stream), stream, bufs, nbufs);
  if (error != 0)
    return error;
  prepare(req, stream, cb);
  if (asyncscope__stream_part(stream)->pending_writes == 0)
    written = uv_try_write(&stream->uv, bufs, nbufs);
  if (written == UV_EAGAIN)
    return finish_later(site, req, bufs, nbufs, 0);
  if (written < 0)
    return finish_at_once(site, req, written);
  if ((size_t)written == count_bytes(bufs, nbufs))
    return finish_at_once(site, req, 0);
  return finish_later(site, req, bufs, nbufs, (size_t)written);
}

/* A stream that is writable has a socket. */
int async_uv_try_write(async_uv_stream_t *stream, const uv_buf_t bufs[],
                       unsigned int nbufs) {
  int error = asyncscope__check_stream(stream);
  if (error == 0)
    error = check_bufs(bufs, nbufs);
  if (error == 0 && !uv_is_writable(&stream->uv))
    error = check_open(stream);
  if (error != 0)
    return error;
  asyncscope__handle_used((const async_uv_handle_t *)stream);
  return uv_try_write(&stream->uv, bufs, nbufs);
}

/* libuv asserts the one, and hands the other over to whoever reads. */
static int check_send(const async_uv_stream_t *stream,
                      const async_uv_handle_t *send_handle) {
  uv_os_fd_t fd;
  if (stream->type != UV_NAMED_PIPE || !((const uv_pipe_t *)stream)->ipc)
    return asyncscope__fail(UV_EINVAL, "the stream is no pipe for handles");
  if (send_handle == NULL || uv_fileno(&send_handle->uv, &fd) != 0)
    return asyncscope__fail(UV_EBADF, "the handle to send is not open");
  return 0;
}

int async_uv_write2_at(const async_site_t *site, async_uv_write_t *req,
                       async_uv_stream_t *stream, const uv_buf_t bufs[],
                       unsigned int nbufs, async_uv_handle_t *send_handle,
                       async_uv_write_cb cb) {
  int error =
      check_write(asyncscope__check_stream_begin(stream), stream, bufs, nbufs);
  if (error == 0)
    error = check_send(stream, send_handle);
  if (error != 0)
    return error;
  prepare(req, stream, cb);
  error = track(site, req);
  if (error != 0)
    return error;
  return queued(req, uv_write2(&req->uv, &stream->uv, bufs, nbufs,
                               (uv_stream_t *)&send_handle->uv, on_write));
}

int async_uv_try_write2(async_uv_stream_t *stream, const uv_buf_t bufs[],
                        unsigned int nbufs, async_uv_handle_t *send_handle) {
  int error =
      check_write(asyncscope__check_stream(stream), stream, bufs, nbufs);
  if (error == 0)
    error = check_send(stream, send_handle);
  return error != 0 ? error
                    : uv_try_write2(&stream->uv, bufs, nbufs,
                                    (uv_stream_t *)&send_handle->uv);
}

static void on_shutdown(uv_shutdown_t *uv, int status) {
  async_uv_shutdown_t *req = (async_uv_shutdown_t *)uv;
  if (req->cb == NULL) {
    async_resource_finish(&req->resource);
    return;
  }
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&req->resource);
  req->cb(req, status);
  asyncscope__uv_scope_close_last(&scope);
}

int async_uv_shutdown_at(const async_site_t *site, async_uv_shutdown_t *req,
                         async_uv_stream_t *stream, async_uv_shutdown_cb cb) {
  int error = asyncscope__check_stream_begin(stream);
  if (error != 0)
    return error;
  async_resource_options_t options = triggered_by(stream);
  memset(&req->resource, 0, sizeof(req->resource));
  req->cb = cb;
  error =
      async_resource_init_at(site, &req->resource, "SHUTDOWNWRAP", &options);
  if (error != 0)
    return error;
  error = uv_shutdown(&req->uv, &stream->uv, on_shutdown);
  if (error != 0)
    async_resource_finish(&req->resource);
  else
    asyncscope__handle_used((const async_uv_handle_t *)stream);
  if (error == 0 && cb != NULL)
    asyncscope__resource_owes(&req->resource);
  return error;
}
