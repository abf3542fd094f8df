/* All connections of a loop read into one buffer: what is not consumed before
 * the read callback returns is copied, and then reading stops until it is. */
#include "http_connection.h"

#include "asyncscope/async_env.h"
#include "http_exchange.h"

static void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  http_connection_t *connection = handle->data;

  (void)suggested_size_bytes;
  buf->base = connection->server->read_buffer;
  buf->len = HTTP_READ_BUFFER_BYTES;
}

/* Not so behind the last request, but for a body that is still read. */
static bool has_use_for_input(const http_connection_t *connection) {
  const http_request_t *request = connection->request;

  if (request == NULL || !request->reads_body)
    return !connection->last;
  return !connection->last || !request->parser.complete;
}

static bool wants_input(const http_connection_t *connection) {
  const http_request_t *request = connection->request;

  return connection->error == 0 && has_use_for_input(connection) &&
         (request == NULL || !request->parser.complete) &&
         http_output_unread_bytes(connection) < HTTP_OUTPUT_HIGH_BYTES;
}

/* Empty lines before a request-line are left out (RFC 9112 2.2). */
static size_t skip_empty_lines(const char *bytes, size_t size) {
  size_t at = 0;

  while (at + 1 < size && bytes[at] == '\r' && bytes[at + 1] == '\n')
    at += 2;
  return at;
}

static size_t consume_some(http_connection_t *connection, const char *bytes,
                           size_t size) {
  size_t at = 0;

  if (connection->request == NULL) {
    at = skip_empty_lines(bytes, size);
    if (at == size)
      return at;
    connection->request = http_exchange_begin(connection);
    if (connection->request == NULL) {
      http_connection_fail(connection, UV_ENOMEM);
      return at;
    }
    http_timeout_begin_phase(connection);
  }
  return at + http_exchange_read(connection->request, bytes + at, size - at);
}

static void end_if_done(http_connection_t *connection) {
  http_request_t *request = connection->request;

  if (request != NULL && connection->error == 0 &&
      http_exchange_done(request)) {
    connection->request = NULL;
    http_exchange_end(request, 0);
    http_timeout_begin_phase(connection);
  }
}

/* Answers of one read stay together in the output and are written once. */
static size_t consume(http_connection_t *connection, const char *bytes,
                      size_t size) {
  size_t at = 0;

  while (at < size && wants_input(connection)) {
    at += consume_some(connection, bytes + at, size - at);
    end_if_done(connection);
  }
  return at;
}

bool http_input_resume(http_connection_t *connection) {
  http_buffer_t *input;
  size_t used;

  if (http_connection_input_bytes(connection) == 0 || !wants_input(connection))
    return false;
  input = &connection->waits->input;
  used = consume(connection, input->bytes, input->size_bytes);
  http_buffer_consume(input, used);
  if (input->size_bytes == 0)
    http_buffer_finish(input);
  return true;
}

static void keep(http_connection_t *connection, const char *bytes,
                 size_t size) {
  http_waits_t *waits = http_connection_waits(connection);

  if (waits != NULL && http_buffer_append(&waits->input, bytes, size) != 0)
    http_connection_fail(connection, UV_ENOMEM);
}

/* The reading of a head is the request's own time, as its handler's is. */
static void take_bytes(http_connection_t *connection, const char *bytes,
                       size_t size) {
  size_t used = 0;

  if (http_connection_input_bytes(connection) == 0) {
    connection->busy = true;
    async_env_batch_begin();
    used = consume(connection, bytes, size);
    async_env_batch_end();
    connection->busy = false;
  }
  if (used < size && has_use_for_input(connection) && connection->error == 0)
    keep(connection, bytes + used, size - used);
}

void http_input_drop(http_connection_t *connection, size_t size) {
  connection->lingered += (unsigned)size;
  if (connection->lingered > HTTP_LINGER_MAX_BYTES)
    http_connection_fail(connection, UV_EMSGSIZE);
}

/* A request whose end is missing is never served. One that is complete still
 * is, when the embedder allows for peers that ended only their side; what is
 * left of the output is written in any case. */
void http_input_end(http_connection_t *connection) {
  http_request_t *request = connection->request;

  connection->peer_ended = true;
  if (connection->lingering)
    http_connection_fail(connection, UV_EOF);
  else if (request != NULL && !(request->parser.complete &&
                                connection->server->options.allow_half_open))
    http_connection_fail(connection, UV_ECONNRESET);
  connection->last = true;
}

void http_input_take(http_connection_t *connection, const char *bytes,
                     size_t size) {
  if (!has_use_for_input(connection))
    http_input_drop(connection, size);
  else if (size > 0)
    take_bytes(connection, bytes, size);
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  http_connection_t *connection = stream->data;

  if (nread == UV_EOF)
    http_input_end(connection);
  else if (nread < 0)
    http_connection_fail(connection, (int)nread);
  else
    http_input_take(connection, buf->base, (size_t)nread);
  http_connection_settle(connection);
}

static int start_reading(http_connection_t *connection) {
  async_uv_stream_t *stream = &connection->socket.stream;

  return connection->session == NULL
             ? async_uv_read_start(stream, on_alloc, on_read)
             : async_uv_read_start(stream, http_sealed_on_alloc,
                                   http_sealed_on_read);
}

/* Reading goes on while an answer is pending: only so a peer that hangs up is
 * noticed. It stops when there are bytes that must wait, or too much output
 * that nobody reads. */
void http_input_update(http_connection_t *connection) {
  async_uv_stream_t *stream = &connection->socket.stream;
  bool wanted = !connection->peer_ended &&
                http_connection_input_bytes(connection) == 0 &&
                http_output_unread_bytes(connection) < HTTP_OUTPUT_HIGH_BYTES;
  int error = 0;

  if (wanted != connection->reading) {
    connection->reading = wanted;
    error = wanted ? start_reading(connection) : async_uv_read_stop(stream);
  }
  if (error != 0) {
    http_connection_fail(connection, error);
    http_connection_settle(connection);
  }
}
