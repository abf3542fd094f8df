/* A connection with a session. One read is opened whole, whatever becomes of
 * the plain bytes: they are consumed or copied, as those of a connection
 * without one, so that no sealed ones ever wait. They lie in the front of the
 * loop's buffer, the sealed ones behind. */
#include "http_connection.h"
#include "http_session.h"

int http_sealed_open(http_connection_t *connection) {
  http_transport_t *transport = connection->server->options.transport;
  async_uv_handle_t *handle = &connection->socket.handle;

  return transport->open(
      transport, async_resource_async_id(async_uv_handle_resource(handle)),
      &connection->session);
}

void http_sealed_close(http_connection_t *connection) {
  connection->session->transport->close(connection->session);
  connection->session = NULL;
}

static void report(http_connection_t *connection, int error) {
  http_server_t *server = connection->server;
  const http_server_options_t *options = &server->options;
  uint64_t now_ms = uv_now(server->loop);

  if (options->callbacks.on_session_error != NULL &&
      (server->session_error_ms == 0 ||
       now_ms - server->session_error_ms >= HTTP_ERROR_LOG_MS)) {
    server->session_error_ms = now_ms;
    options->callbacks.on_session_error(options->data, error,
                                        connection->session->words == NULL
                                            ? uv_strerror(error)
                                            : connection->session->words);
  }
}

/* What the session still has to say is sent, and the end is a staged one,
 * unless a request is cut short by it. */
static void break_off(http_connection_t *connection, int error) {
  connection->session->broken = true;
  if (error == UV_ENOMEM || connection->request != NULL)
    http_connection_fail(connection, error);
  connection->last = true;
  report(connection, error);
}

/* The time for a request begins when the peer can send one. */
static ssize_t unseal(http_connection_t *connection, http_buffer_t *bytes) {
  http_session_t *session = connection->session;
  bool before = session->established;
  ssize_t size = session->transport->unseal(session, bytes,
                                            connection->server->read_buffer,
                                            HTTP_SESSION_PLAIN_BYTES);

  if (!before && session->established)
    http_timeout_begin_phase(connection);
  return size;
}

static void open_bytes(http_connection_t *connection, http_buffer_t bytes) {
  ssize_t size = 1;

  while (connection->error == 0 && size > 0) {
    size = unseal(connection, &bytes);
    if (size > 0)
      http_input_take(connection, connection->server->read_buffer,
                      (size_t)size);
  }
  if (size == UV_EOF)
    http_input_end(connection);
  else if (size < 0)
    break_off(connection, (int)size);
}

/* An end that the session does not vouch for may be anybody's. */
static void cut_short(http_connection_t *connection) {
  connection->peer_ended = true;
  http_connection_fail(connection,
                       connection->request != NULL ? UV_ECONNRESET : UV_EOF);
}

static void take_sealed(http_connection_t *connection, ssize_t nread,
                        const uv_buf_t *buf) {
  if (nread == UV_EOF)
    cut_short(connection);
  else if (nread < 0)
    http_connection_fail(connection, (int)nread);
  else if (connection->session->broken)
    http_input_drop(connection, (size_t)nread);
  else if (nread > 0)
    open_bytes(connection, (http_buffer_t){.bytes = buf->base,
                                           .size_bytes = (size_t)nread});
  http_connection_settle(connection);
}

void http_sealed_on_alloc(async_uv_handle_t *handle,
                          size_t suggested_size_bytes, uv_buf_t *buf) {
  http_connection_t *connection = handle->data;

  (void)suggested_size_bytes;
  *buf = uv_buf_init(connection->server->read_buffer + HTTP_SESSION_PLAIN_BYTES,
                     HTTP_READ_BUFFER_BYTES - HTTP_SESSION_PLAIN_BYTES);
}

void http_sealed_on_read(async_uv_stream_t *stream, ssize_t nread,
                         const uv_buf_t *buf) {
  http_connection_t *connection = stream->data;
  async_resource_t *resource = &connection->session->resource;
  bool entered = async_callback_scope_open(resource) == 0;

  take_sealed(connection, nread, buf);
  if (entered)
    async_callback_scope_close(resource);
}

int http_sealed_output(http_connection_t *connection) {
  http_session_t *session = connection->session;
  http_buffer_t *output = &connection->output;
  int error = 0;

  if (output->size_bytes > 0)
    error =
        session->transport->seal(session, output->bytes, output->size_bytes);
  http_output_give_back(connection, output);
  *output = session->sealed;
  session->sealed = (http_buffer_t){0};
  return error;
}

void http_sealed_end(http_connection_t *connection) {
  http_session_t *session = connection->session;

  if (session->established && !session->broken && !session->ended) {
    session->ended = true;
    session->transport->end(session);
  }
}

/* Of an answer that was cut short nothing may say that it was whole. */
void http_sealed_say_goodbye(http_connection_t *connection) {
  http_session_t *session = connection->session;
  uv_buf_t buf;

  if (connection->request == NULL)
    http_sealed_end(connection);
  if (connection->write_pending || session->sealed.size_bytes == 0)
    return;
  buf =
      uv_buf_init(session->sealed.bytes, (unsigned)session->sealed.size_bytes);
  async_uv_try_write(&connection->socket.stream, &buf, 1);
}
