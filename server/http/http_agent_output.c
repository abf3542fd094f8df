/* What is to be sent is gathered in `output` and tried at once; what the kernel
 * does not take moves to `writing`, which must not change before its callback.
 * A write that fails ends the upload only: a peer that refuses a request closes
 * its side of the connection, and its answer may be on the way. */
#include "http_agent_pool.h"
#include "http_client_exchange.h"

size_t http_agent_output_unread_bytes(const http_agent_socket_t *socket) {
  const async_uv_stream_t *stream = (const async_uv_stream_t *)&socket->tcp;
  size_t queued =
      socket->write_pending ? async_uv_stream_get_write_queue_size(stream) : 0;

  return queued + socket->output.size_bytes;
}

static void on_write(async_uv_write_t *req, int status) {
  http_agent_socket_t *socket = req->data;

  socket->write_pending = false;
  http_buffer_finish(&socket->writing);
  socket->write_failed = socket->write_failed || status != 0;
  if (socket->closing)
    return;
  socket->since_ms = uv_now(socket->agent->loop);
  http_agent_socket_settle(socket);
}

static void write_rest(http_agent_socket_t *socket, size_t written) {
  async_uv_stream_t *stream = (async_uv_stream_t *)&socket->tcp;
  bool before = http_agent_own_begin(socket->agent);
  uv_buf_t rest;
  int error;

  socket->writing = socket->output;
  socket->output = (http_buffer_t){0};
  rest = uv_buf_init(socket->writing.bytes + written,
                     (unsigned)(socket->writing.size_bytes - written));
  socket->write_mark_bytes = rest.len;
  error = async_uv_write(&socket->write, stream, &rest, 1, on_write);
  http_agent_own_end(before);
  socket->write_pending = error == 0;
  if (error != 0)
    http_agent_socket_fail(socket, error, "send", NULL);
}

void http_agent_output_flush(http_agent_socket_t *socket) {
  http_buffer_t *output = &socket->output;
  uv_buf_t buf;
  int written;

  if (socket->write_pending || output->size_bytes == 0 || socket->write_failed)
    return;
  buf = uv_buf_init(output->bytes, (unsigned)output->size_bytes);
  written = async_uv_try_write((async_uv_stream_t *)&socket->tcp, &buf, 1);
  if (written == UV_EAGAIN)
    written = 0;
  if (written >= 0)
    socket->request->wrote = true;
  if (written < 0)
    socket->write_failed = true;
  else if ((size_t)written == output->size_bytes)
    output->size_bytes = 0;
  else
    write_rest(socket, (size_t)written);
}
