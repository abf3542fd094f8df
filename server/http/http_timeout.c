/* A connection has one deadline, that of what it waits for now; which one is
 * derived from its state, never stored beside it. */
#include "http_connection.h"

#include "http_exchange.h"

void http_timeout_begin_phase(http_connection_t *connection) {
  connection->since_ms = uv_now(connection->server->loop);
}

static unsigned request_timeout_ms(const http_request_t *request,
                                   const http_limits_t *limits) {
  if (!request->head.complete)
    return limits->header_timeout_ms;
  if (!request->parser.complete &&
      request->response.state == HTTP_RESPONSE_NONE)
    return limits->request_timeout_ms;
  return limits->handler_timeout_ms;
}

static uint64_t deadline_ms(const http_connection_t *connection) {
  const http_limits_t *limits = &connection->server->options.limits;

  if (connection->lingering)
    return connection->since_ms + HTTP_LINGER_MS;
  if (connection->write_pending)
    return connection->write_since_ms + limits->write_timeout_ms;
  if (connection->request != NULL) {
    return connection->since_ms +
           request_timeout_ms(connection->request, limits);
  }
  return connection->since_ms + (connection->request_count == 0
                                     ? limits->header_timeout_ms
                                     : limits->keep_alive_timeout_ms);
}

void http_timeout_update(http_connection_t *connection) {
  http_wheel_set(&connection->server->wheel, &connection->timeout,
                 deadline_ms(connection));
}

static void write_expired(http_connection_t *connection) {
  size_t unread =
      async_uv_stream_get_write_queue_size(&connection->socket.stream);

  if (unread >= connection->write_mark_bytes) {
    http_connection_fail(connection, UV_ETIMEDOUT);
    return;
  }
  connection->write_mark_bytes = unread;
  connection->write_since_ms = uv_now(connection->server->loop);
}

static void request_expired(http_request_t *request) {
  if (request->response.state != HTTP_RESPONSE_NONE)
    http_connection_fail(request->connection, UV_ETIMEDOUT);
  else if (!request->head.complete)
    http_exchange_refuse(request, HTTP_REFUSE_HEADER_TIMEOUT);
  else if (!request->parser.complete)
    http_exchange_refuse(request, HTTP_REFUSE_BODY_TIMEOUT);
  else
    http_exchange_refuse(request, HTTP_REFUSE_HANDLER_TIMEOUT);
}

void http_timeout_expired(http_connection_t *connection) {
  if (deadline_ms(connection) > uv_now(connection->server->loop)) {
    http_timeout_update(connection);
    return;
  }
  if (connection->write_pending && !connection->lingering)
    write_expired(connection);
  else if (connection->request != NULL && !connection->lingering)
    request_expired(connection->request);
  else
    http_connection_fail(connection, UV_ETIMEDOUT);
  http_connection_settle(connection);
}
