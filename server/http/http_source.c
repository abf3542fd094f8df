/* A source is asked again only when its last piece has been given and the
 * peer has taken all but HTTP_OUTPUT_HIGH_BYTES of the output: that bounds
 * what an answer of any length holds. One that is always ready gets
 * HTTP_PULL_TURN_BYTES or HTTP_PULL_TURN_US, whichever ends first, then the
 * loop's other callbacks have their turn: bytes alone say nothing about what
 * it costs to make them. */
#include "http_apart.h"
#include "http_exchange.h"
#include "http_list.h"

static void on_turn(async_immediate_t *immediate) {
  http_connection_t *connection =
      HTTP_OWNER(immediate, http_waits_t, turn)->connection;

  connection->turn_pending = false;
  http_connection_settle(connection);
}

static void wait_turn(http_request_t *request) {
  http_connection_t *connection = request->connection;
  http_waits_t *waits = http_connection_waits(connection);
  http_scope_t scope;
  int error;

  if (waits == NULL)
    return;
  http_exchange_enter(request, &scope);
  error = async_immediate_start(&waits->turn, on_turn);
  http_exchange_leave(request, &scope);
  connection->turn_pending = error == 0;
  if (error != 0)
    http_connection_fail(connection, error);
}

static void pull(http_request_t *request) {
  http_response_t *response = &request->response;
  http_scope_t scope;

  response->pulled = true;
  http_timeout_begin_phase(request->connection);
  http_exchange_enter(request, &scope);
  response->source.pull(response->source.arg);
  http_exchange_leave(request, &scope);
}

static bool wants_more(const http_request_t *request) {
  const http_connection_t *connection = request->connection;

  return request->response.state == HTTP_RESPONSE_STREAMING &&
         !request->response.pulled && connection->error == 0 &&
         !connection->turn_pending &&
         http_output_unread_bytes(connection) < HTTP_OUTPUT_HIGH_BYTES;
}

/* Output that keeps the source waiting must be libuv's: only the callback of
 * its write asks the source again. */
static void flush_much(http_connection_t *connection) {
  if (connection->output.size_bytes >= HTTP_OUTPUT_HIGH_BYTES / 2)
    http_output_flush(connection);
}

static bool turn_is_over(const http_request_t *request, uint64_t begin_bytes,
                         uint64_t begin_ns) {
  return request->response.body_bytes - begin_bytes >= HTTP_PULL_TURN_BYTES ||
         uv_hrtime() - begin_ns >= (uint64_t)HTTP_PULL_TURN_US * 1000;
}

HTTP_APART static void pump(http_request_t *request) {
  uint64_t begin_bytes = request->response.body_bytes;
  uint64_t begin_ns = uv_hrtime();

  while (wants_more(request)) {
    if (turn_is_over(request, begin_bytes, begin_ns)) {
      wait_turn(request);
      return;
    }
    pull(request);
    flush_much(request->connection);
  }
}

/* The clock is read for a source alone. */
void http_exchange_pump(http_request_t *request) {
  flush_much(request->connection);
  if (wants_more(request))
    pump(request);
}
