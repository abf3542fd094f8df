/* All sockets of an agent read into one buffer, whose content is used up before
 * the read callback returns. A socket is read while it is used by nobody, too:
 * only so an end is noticed before the next request is lost in it. */
#include "http_agent_socket.h"

#include "http_client_exchange.h"

static void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  http_agent_socket_t *socket = handle->data;

  (void)suggested_size_bytes;
  *buf = uv_buf_init(socket->agent->read_buffer, HTTP_READ_BUFFER_BYTES);
}

/* Before a request is sent nothing can be its response: a peer that closes
 * kept connections may say so first, by a 408 for example. */
static bool is_unasked(const http_agent_socket_t *socket) {
  return socket->request == NULL || !socket->request->wrote;
}

static void take_bytes(http_agent_socket_t *socket, const char *bytes,
                       size_t size) {
  size_t used;

  if (is_unasked(socket)) {
    http_agent_socket_fail(socket, UV_EPROTO, "response",
                           "the peer sent a response nobody asked for");
    return;
  }
  socket->busy = true;
  used = http_client_exchange_read(socket->request, bytes, size);
  socket->busy = false;
  if (used < size)
    http_agent_socket_fail(socket, UV_EPROTO, "response",
                           "the peer sent more than the response");
}

static void take_end(http_agent_socket_t *socket, int status) {
  http_client_request_t *request = socket->request;

  if (request != NULL && status == UV_EOF && request->response.begun) {
    socket->busy = true;
    http_client_exchange_read_end(request);
    socket->busy = false;
  }
  http_agent_socket_fail(
      socket, status == UV_EOF ? UV_ECONNRESET : status, "response",
      status == UV_EOF ? "the connection ended before the response" : NULL);
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  http_agent_socket_t *socket = stream->data;

  if (nread == 0)
    return;
  socket->since_ms = uv_now(socket->agent->loop);
  if (nread < 0)
    take_end(socket, (int)nread);
  else
    take_bytes(socket, buf->base, (size_t)nread);
  http_agent_socket_settle(socket);
}

void http_agent_input_update(http_agent_socket_t *socket) {
  async_uv_stream_t *stream = (async_uv_stream_t *)&socket->tcp;
  const http_client_request_t *request = socket->request;
  bool wanted = socket->connected && socket->error == 0 &&
                (request == NULL || !request->paused);
  int error = 0;

  if (wanted == socket->reading)
    return;
  socket->reading = wanted;
  error = wanted ? async_uv_read_start(stream, on_alloc, on_read)
                 : async_uv_read_stop(stream);
  if (error != 0) {
    http_agent_socket_fail(socket, error, "response", NULL);
    http_agent_socket_settle(socket);
  }
}
