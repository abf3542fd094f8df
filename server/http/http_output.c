/* Answers are gathered in `output` and tried at once; what the kernel does not
 * take moves to `writing`, which must not change before its callback. The
 * buffer that is not needed goes back to the server, so that idle connections
 * hold none. */
#include "http_connection.h"

#include "http_apart.h"
#include "http_exchange.h"

http_buffer_t *http_output(http_connection_t *connection) {
  http_buffer_t *output = &connection->output;
  http_buffer_t *spare = &connection->server->spare_output;

  if (output->bytes == NULL && spare->bytes != NULL) {
    *output = *spare;
    *spare = (http_buffer_t){0};
  }
  return output;
}

void http_output_give_back(http_connection_t *connection,
                           http_buffer_t *buffer) {
  http_buffer_t *spare = &connection->server->spare_output;

  if (buffer->bytes != NULL && spare->bytes == NULL &&
      buffer->capacity_bytes <= HTTP_SPARE_OUTPUT_MAX_BYTES) {
    buffer->size_bytes = 0;
    *spare = *buffer;
    *buffer = (http_buffer_t){0};
  } else {
    http_buffer_finish(buffer);
  }
}

size_t http_output_unread_bytes(const http_connection_t *connection) {
  const async_uv_stream_t *stream = &connection->socket.stream;
  size_t queued = connection->write_pending
                      ? async_uv_stream_get_write_queue_size(stream)
                      : 0;

  return queued + connection->output.size_bytes;
}

/* Also what the kernel holds for the peer. */
size_t http_output_untaken_bytes(const http_connection_t *connection) {
  return async_uv_stream_get_write_queue_size(&connection->socket.stream) +
         http_socket_unsent_bytes(&connection->socket);
}

static void on_write(async_uv_write_t *req, int status) {
  http_connection_t *connection = req->data;

  connection->write_pending = false;
  http_output_give_back(connection, &connection->waits->writing);
  if (connection->request == NULL)
    http_timeout_begin_phase(connection);
  if (status != 0)
    http_connection_fail(connection, status);
  http_connection_settle(connection);
}

HTTP_APART static void write_rest(http_connection_t *connection,
                                  size_t written) {
  http_waits_t *waits = http_connection_waits(connection);
  uv_buf_t rest;
  int error;

  if (waits == NULL)
    return;
  waits->writing = connection->output;
  connection->output = (http_buffer_t){0};
  rest = uv_buf_init(waits->writing.bytes + written,
                     (unsigned)(waits->writing.size_bytes - written));
  waits->write.data = connection;
  connection->write_pending = true;
  waits->write_since_ms = uv_now(connection->server->loop);
  error = async_uv_write(&waits->write, &connection->socket.stream, &rest, 1,
                         on_write);
  waits->write_mark_bytes = http_output_untaken_bytes(connection);
  if (error != 0) {
    connection->write_pending = false;
    http_connection_fail(connection, error);
  }
}

/* As late as it can be: behind what the session itself has to say. */
HTTP_APART static bool seal(http_connection_t *connection) {
  int error = http_sealed_output(connection);

  if (error != 0)
    http_connection_fail(connection, error);
  return error == 0;
}

void http_output_flush(http_connection_t *connection) {
  http_buffer_t *output = &connection->output;
  uv_buf_t buf;
  int written;

  if (connection->write_pending)
    return;
  if (connection->session != NULL && !seal(connection))
    return;
  if (output->size_bytes == 0)
    return;
  buf = (uv_buf_t){.base = output->bytes, .len = output->size_bytes};
  written = async_uv_try_write(&connection->socket.stream, &buf, 1);
  if (written == UV_EAGAIN)
    written = 0;
  if (written < 0)
    http_connection_fail(connection, written);
  else if ((size_t)written == output->size_bytes)
    http_output_give_back(connection, output);
  else
    write_rest(connection, (size_t)written);
}

void http_output_shutdown(http_connection_t *connection) {
  http_waits_t *waits = http_connection_waits(connection);
  int error;

  if (connection->session != NULL) {
    http_sealed_end(connection);
    http_output_flush(connection);
  }
  error = waits == NULL ? UV_ENOMEM
                        : async_uv_shutdown(&waits->shutdown,
                                            &connection->socket.stream, NULL);

  if (error != 0)
    http_connection_fail(connection, error);
}

void http_output_release(http_connection_t *connection) {
  http_output_give_back(connection, &connection->output);
  if (connection->waits != NULL)
    http_output_give_back(connection, &connection->waits->writing);
}
