/* A connection may wait for several at once: its peer to read, its peer to
 * send, its handler. Its deadline is the first of theirs, derived from its
 * state and never stored beside it. Of two that wait for each other only the
 * one at fault has one: a handler whose peer does not read is not late, nor is
 * one whose peer has not sent the body, nor a source that waits for its turn of
 * the loop. */
#include "http_connection.h"

#include "http_exchange.h"

typedef enum wait_e {
  WAIT_LINGER,
  WAIT_WRITE,
  WAIT_HEAD,
  WAIT_BODY,
  WAIT_HANDLER,
  WAIT_REQUEST
} wait_t;

typedef struct due_s {
  uint64_t at_ms;
  wait_t wait;
} due_t;

static void due_by(due_t *due, wait_t wait, uint64_t since_ms,
                   unsigned timeout_ms) {
  if (since_ms + timeout_ms < due->at_ms)
    *due = (due_t){since_ms + timeout_ms, wait};
}

static bool awaits_body(const http_request_t *request) {
  return !request->parser.complete &&
         (request->response.state == HTTP_RESPONSE_NONE || request->reads_body);
}

static bool awaits_handler(const http_request_t *request) {
  if (request->response.state == HTTP_RESPONSE_NONE)
    return request->parser.complete;
  return request->response.state == HTTP_RESPONSE_STREAMING &&
         !request->connection->write_pending &&
         !request->connection->turn_pending;
}

static void due_by_request(due_t *due, const http_request_t *request) {
  const http_connection_t *connection = request->connection;
  const http_limits_t *limits = &connection->server->options.limits;
  if (!request->head.complete) {
    due_by(due, WAIT_HEAD, connection->since_ms, limits->header_timeout_ms);
    return;
  }
  if (awaits_body(request))
    due_by(due, WAIT_BODY, request->head_ms, limits->request_timeout_ms);
  if (awaits_handler(request))
    due_by(due, WAIT_HANDLER, connection->since_ms, limits->handler_timeout_ms);
}

static due_t next_due(const http_connection_t *connection) {
  const http_limits_t *limits = &connection->server->options.limits;
  due_t due = {.at_ms = UINT64_MAX};
  if (connection->lingering) {
    due_by(&due, WAIT_LINGER, connection->since_ms, HTTP_LINGER_MS);
    return due;
  }
  if (connection->write_pending)
    due_by(&due, WAIT_WRITE, connection->waits->write_since_ms,
           limits->write_timeout_ms);
  if (connection->request != NULL)
    due_by_request(&due, connection->request);
  else if (!connection->write_pending)
    due_by(&due, WAIT_REQUEST, connection->since_ms,
           connection->request_count == 0 ? limits->header_timeout_ms
                                          : limits->keep_alive_timeout_ms);
  return due;
}

/* Between two requests. Where it is looked at before its deadline it is asked
 * for that anew, so a later one need not be set each time. */
static bool is_looked_at(const http_connection_t *connection) {
  const http_limits_t *limits = &connection->server->options.limits;

  return connection->request == NULL && connection->request_count > 0 &&
         !connection->write_pending && !connection->lingering &&
         connection->timeout.next != NULL &&
         connection->timeout.deadline_ms <=
             connection->since_ms + limits->keep_alive_timeout_ms;
}

void http_timeout_update(http_connection_t *connection) {
  if (connection->phase_begins) {
    connection->phase_begins = false;
    connection->since_ms = uv_now(connection->server->loop);
  }
  if (is_looked_at(connection))
    return;
  http_wheel_set(&connection->server->wheel, &connection->timeout,
                 next_due(connection).at_ms);
}

/* Not whether our kernel took more: its buffer may be as large as the answer.
 */
static void write_expired(http_connection_t *connection) {
  const http_limits_t *limits = &connection->server->options.limits;
  http_waits_t *waits = connection->waits;
  size_t untaken = http_output_untaken_bytes(connection);
  size_t least =
      1 + (size_t)limits->write_timeout_ms * HTTP_WRITE_MIN_BYTES_PER_S / 1000;
  if (untaken + least > waits->write_mark_bytes) {
    http_connection_fail(connection, UV_ETIMEDOUT);
    return;
  }
  waits->write_mark_bytes = untaken;
  waits->write_since_ms = uv_now(connection->server->loop);
}

static void expired(http_connection_t *connection, wait_t wait) {
  switch (wait) {
  case WAIT_WRITE:
    write_expired(connection);
    break;
  case WAIT_HEAD:
    http_exchange_refuse(connection->request, HTTP_REFUSE_HEADER_TIMEOUT);
    break;
  case WAIT_BODY:
    http_exchange_refuse(connection->request, HTTP_REFUSE_BODY_TIMEOUT);
    break;
  case WAIT_HANDLER:
    http_exchange_refuse(connection->request, HTTP_REFUSE_HANDLER_TIMEOUT);
    break;
  default:
    http_connection_fail(connection, UV_ETIMEDOUT);
  }
}

void http_timeout_expired(http_connection_t *connection, uint64_t now_ms) {
  due_t due = next_due(connection);
  if (due.at_ms > now_ms) {
    http_timeout_update(connection);
    return;
  }
  expired(connection, due.wait);
  http_connection_settle(connection);
}
