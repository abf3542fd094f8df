/* The request goes out as the peer takes it: at most HTTP_OUTPUT_HIGH_BYTES of
 * it lie ready, whether the body is held as a whole or asked for. A body that
 * is always ready gets HTTP_PULL_TURN_BYTES or, where a source is asked for it,
 * HTTP_PULL_TURN_US, whichever ends first, then the loop's other callbacks have
 * their turn. */
#include "http_agent_pool.h"
#include "http_chunk.h"
#include "http_client_exchange.h"
#include <string.h>

#define PIECE_BYTES (HTTP_OUTPUT_HIGH_BYTES / 2)

static void give_message(http_client_request_t *request) {
  const http_buffer_t *message = &request->message;
  size_t size = message->size_bytes - request->sent_bytes;
  int error;

  if (size > PIECE_BYTES)
    size = PIECE_BYTES;
  error = http_buffer_append(&request->socket->output,
                             message->bytes + request->sent_bytes, size);
  if (error == 0)
    request->sent_bytes += size;
  else
    http_client_exchange_fail(request, error, "send", NULL);
}

static void pull(http_client_request_t *request) {
  bool entered = http_client_exchange_enter(request);

  request->asked = true;
  request->pulled = true;
  request->source.pull(request->source.arg);
  http_client_exchange_leave(request, entered);
}

static void give_more(http_client_request_t *request) {
  if (request->sent_bytes < request->message.size_bytes)
    give_message(request);
  else if (request->streamed)
    pull(request);
  else
    request->uploaded = true;
}

static bool wants_more(const http_client_request_t *request) {
  const http_agent_socket_t *socket = request->socket;

  return request->error == 0 && !request->uploaded && !request->asked &&
         !request->done && socket->error == 0 && !socket->write_failed &&
         !socket->turn_pending &&
         http_agent_output_unread_bytes(socket) < HTTP_OUTPUT_HIGH_BYTES;
}

static void on_turn(async_immediate_t *immediate) {
  http_agent_socket_t *socket =
      HTTP_OWNER(immediate, http_agent_socket_t, turn);

  socket->turn_pending = false;
  http_agent_socket_settle(socket);
}

static void wait_turn(http_client_request_t *request) {
  http_agent_socket_t *socket = request->socket;
  bool before = http_agent_own_begin(request->agent);
  bool entered = http_client_exchange_enter(request);
  int error;

  error = async_immediate_start(&socket->turn, on_turn);
  http_client_exchange_leave(request, entered);
  http_agent_own_end(before);
  socket->turn_pending = error == 0;
  if (error != 0)
    http_client_exchange_fail(request, error, "send", NULL);
}

static uint64_t given_bytes(const http_client_request_t *request) {
  return request->sent_bytes + request->given_bytes;
}

/* What keeps the source waiting must be libuv's: only the callback of its
 * write asks the source again. */
static void flush_much(http_agent_socket_t *socket) {
  if (socket->output.size_bytes >= PIECE_BYTES)
    http_agent_output_flush(socket);
}

/* Time goes by in the source; what is held takes none. */
static bool turn_is_over(const http_client_request_t *request,
                         uint64_t begin_bytes, uint64_t begin_ns) {
  return given_bytes(request) - begin_bytes >= HTTP_PULL_TURN_BYTES ||
         (request->pulled &&
          uv_hrtime() - begin_ns >= (uint64_t)HTTP_PULL_TURN_US * 1000);
}

void http_client_upload_pump(http_client_request_t *request) {
  uint64_t begin_bytes = given_bytes(request);
  uint64_t begin_ns = uv_hrtime();

  flush_much(request->socket);
  while (wants_more(request)) {
    if (turn_is_over(request, begin_bytes, begin_ns)) {
      wait_turn(request);
      return;
    }
    give_more(request);
    flush_much(request->socket);
  }
}

/* Whether a piece is asked for; takes the question back. */
static bool take_question(http_client_request_t *request) {
  if (!request->asked || request->error != 0 || request->done)
    return false;
  request->asked = false;
  request->socket->since_ms = uv_now(request->agent->loop);
  return true;
}

static void refuse_length(http_client_request_t *request) {
  http_client_exchange_fail(request, UV_EINVAL, "send",
                            "the body is not as long as announced");
}

/* The request may be gone when this returns. */
static void go_on(http_client_request_t *request, int error) {
  if (error != 0)
    http_client_exchange_fail(request, error, "send", NULL);
  else
    http_agent_socket_settle(request->socket);
}

void http_client_request_write(http_client_request_t *request,
                               const void *bytes, size_t size) {
  http_buffer_t *output;

  if (!take_question(request))
    return;
  output = &request->socket->output;
  request->given_bytes += size;
  if (request->chunked)
    go_on(request, http_chunk_append(output, bytes, size));
  else if (request->given_bytes <= request->length_bytes)
    go_on(request, http_buffer_append(output, bytes, size));
  else
    refuse_length(request);
}

void http_client_request_end(http_client_request_t *request) {
  http_buffer_t *output;

  if (!take_question(request))
    return;
  output = &request->socket->output;
  request->uploaded = true;
  if (request->chunked)
    go_on(request, http_buffer_append_text(output, HTTP_CHUNK_LAST));
  else if (request->given_bytes == request->length_bytes)
    go_on(request, 0);
  else
    refuse_length(request);
}
