/* Memory: a connection is freed by the close callback of its handle and by
 * nothing else. Before it closes the handle, it ends its request; what libuv
 * still owes it then (the write's callback) comes before the close callback. */
#include "http_connection.h"

#include "asyncscope/async_allocator.h"
#include "http_apart.h"
#include "http_exchange.h"

static void link_connection(http_connection_t *connection) {
  http_server_t *server = connection->server;

  connection->next = server->connections;
  if (connection->next != NULL)
    connection->next->prev = connection;
  server->connections = connection;
  server->connection_count++;
}

static void unlink_connection(http_connection_t *connection) {
  http_server_t *server = connection->server;

  if (connection->prev != NULL)
    connection->prev->next = connection->next;
  else
    server->connections = connection->next;
  if (connection->next != NULL)
    connection->next->prev = connection->prev;
  server->connection_count--;
}

static void on_closed(async_uv_handle_t *handle) {
  http_connection_t *connection = handle->data;
  http_server_t *server = connection->server;
  bool accepted = connection->accepted;

  if (connection->waits != NULL)
    http_buffer_finish(&connection->waits->input);
  http_output_release(connection);
  if (connection->session != NULL)
    http_sealed_close(connection);
  unlink_connection(connection);
  async_free(connection->waits);
  async_free(connection);
  http_server_connection_closed(server, accepted);
}

/* The peer must not take what it has for the whole, and what it does not read
 * must not stay with the kernel. */
static bool is_cut_short(const http_connection_t *connection) {
  const http_request_t *request = connection->request;

  return (request != NULL &&
          request->response.state == HTTP_RESPONSE_STREAMING) ||
         http_output_unread_bytes(connection) > 0;
}

/* Only TCP has a reset, and not behind a shutdown. */
static void close_socket(http_connection_t *connection, bool cut_short) {
  http_socket_t *socket = &connection->socket;

  if (!cut_short || socket->handle.type != UV_TCP ||
      async_uv_tcp_close_reset(&socket->tcp, on_closed) != 0)
    async_uv_close(&socket->handle, on_closed);
}

HTTP_APART static void close_now(http_connection_t *connection) {
  bool cut_short = is_cut_short(connection);

  if (connection->session != NULL)
    http_sealed_say_goodbye(connection);
  if (connection->request != NULL) {
    http_request_t *request = connection->request;

    connection->request = NULL;
    http_exchange_end(request, connection->error);
  }
  connection->closing = true;
  http_wheel_remove(&connection->timeout);
  if (connection->waits != NULL)
    async_immediate_stop(&connection->waits->turn);
  close_socket(connection, cut_short);
}

static int open_connection(http_server_t *server,
                           http_connection_t *connection) {
  http_socket_t *socket = &connection->socket;
  int error = async_uv_accept(&server->listener.stream, &socket->stream);

  if (error == 0 && socket->handle.type == UV_TCP)
    async_uv_tcp_nodelay(&socket->tcp, 1);
  if (error == 0 && server->options.transport != NULL)
    error = http_sealed_open(connection);
  return error;
}

int http_connection_accept(http_server_t *server) {
  uv_handle_type type = server->listener.handle.type;
  http_connection_t *connection = async_calloc(1, http_connection_bytes(type));
  int error;

  if (connection == NULL)
    return UV_ENOMEM;
  error = http_socket_init(server->loop, &connection->socket, type);
  if (error != 0) {
    async_free(connection);
    return error;
  }
  connection->socket.handle.data = connection;
  connection->server = server;
  connection->internal = server->internal;
  link_connection(connection);
  error = open_connection(server, connection);
  if (error != 0) {
    connection->error = error;
    close_now(connection);
    return error;
  }
  connection->accepted = true;
  http_timeout_begin_phase(connection);
  http_connection_settle(connection);
  return 0;
}

void http_connection_fail(http_connection_t *connection, int error) {
  if (connection->error == 0)
    connection->error = error;
}

http_waits_t *http_connection_waits(http_connection_t *connection) {
  if (connection->waits == NULL)
    connection->waits = async_calloc(1, sizeof(*connection->waits));
  if (connection->waits == NULL)
    http_connection_fail(connection, UV_ENOMEM);
  else
    connection->waits->connection = connection;
  return connection->waits;
}

async_resource_t *http_connection_resource(http_connection_t *connection) {
  return connection->session != NULL
             ? &connection->session->resource
             : async_uv_handle_resource(&connection->socket.handle);
}

/* What cannot be marked is shown, and no worse. */
void http_connection_set_internal(http_connection_t *connection,
                                  bool internal) {
  if (connection->internal == internal)
    return;
  connection->internal = internal;
  async_resource_set_internal(
      async_uv_handle_resource(&connection->socket.handle), internal);
  if (connection->session != NULL)
    async_resource_set_internal(&connection->session->resource, internal);
}

/* Of a head that is not complete nobody is owed an answer yet. */
bool http_connection_idle(const http_connection_t *connection) {
  const http_request_t *request = connection->request;

  return (request == NULL || !request->head.complete) &&
         http_connection_input_bytes(connection) == 0 &&
         http_output_unread_bytes(connection) == 0 && !connection->lingering;
}

/* Closing at once could reset the connection, and the peer lose the answer,
 * while bytes from it are still unread or on their way. */
HTTP_APART static void begin_lingering(http_connection_t *connection) {
  if (connection->peer_ended) {
    http_connection_fail(connection, UV_EOF);
    return;
  }
  connection->lingering = true;
  if (connection->waits != NULL)
    http_buffer_finish(&connection->waits->input);
  http_timeout_begin_phase(connection);
  http_output_shutdown(connection);
}

/* One consequence of the state; false when there is none left. */
static bool settle_step(http_connection_t *connection) {
  http_request_t *request = connection->request;

  if (connection->error == 0 && request != NULL)
    http_exchange_pump(request);
  if (connection->error == 0)
    http_output_flush(connection);
  if (connection->error != 0) {
    close_now(connection);
    return false;
  }
  if (request != NULL && http_exchange_done(request)) {
    connection->request = NULL;
    http_exchange_end(request, 0);
    http_timeout_begin_phase(connection);
    return true;
  }
  if (connection->last && connection->request == NULL &&
      !connection->lingering && http_output_unread_bytes(connection) == 0) {
    begin_lingering(connection);
    return connection->error != 0;
  }
  if (connection->server->stopping && http_connection_idle(connection)) {
    http_connection_fail(connection, UV_ECANCELED);
    return true;
  }
  return http_input_resume(connection);
}

void http_connection_settle_now(http_connection_t *connection) {
  connection->busy = true;
  while (settle_step(connection)) {
  }
  connection->busy = false;
  if (!connection->closing) {
    http_input_update(connection);
    http_timeout_update(connection);
  }
}
