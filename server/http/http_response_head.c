#include "http_exchange.h"

#include "http_status.h"
#include <time.h>

/* The connection stays open only when the peer wants it and knows where the
 * answer ends, and when the request has been read to its end: what was left
 * of it would be taken for the next one. */
static bool keeps_alive(const http_response_t *response) {
  const http_request_t *request = response->request;
  const http_connection_t *connection = request->connection;
  const http_server_t *server = connection->server;

  return !connection->last && !server->draining &&
         (request->parser.complete || request->reads_body) &&
         request->parser.framing.keep_alive &&
         connection->request_count < server->options.limits.requests_max &&
         (response->chunked || response->length_bytes != HTTP_LENGTH_UNKNOWN);
}

static bool has_no_body(int status) {
  return status == 204 || status == 304;
}

static void append_line(http_buffer_t *output, const char *name,
                        const char *value) {
  http_buffer_append_text(output, name);
  http_buffer_append_text(output, value);
  http_buffer_append_text(output, "\r\n");
}

static void append_framing(http_buffer_t *output,
                           const http_response_t *response) {
  const http_request_t *request = response->request;

  if (has_no_body(response->status)) {
    /* No field: such an answer ends with its head. */
  } else if (response->chunked) {
    append_line(output, "Transfer-Encoding: ", "chunked");
  } else if (response->length_bytes != HTTP_LENGTH_UNKNOWN) {
    http_buffer_append_text(output, "Content-Length: ");
    http_buffer_append_unsigned(output, (uint64_t)response->length_bytes, 10);
    http_buffer_append_text(output, "\r\n");
  }
  if (request->connection->last)
    append_line(output, "Connection: ", "close");
  else if (request->head.version_minor == 0)
    append_line(output, "Connection: ", "keep-alive");
}

static void append_status_line(http_buffer_t *output, int status) {
  http_buffer_append_text(output, "HTTP/1.1 ");
  http_buffer_append_unsigned(output, (uint64_t)status, 10);
  append_line(output, " ", http_status_reason(status));
}

/* Room is reserved first, so that no append below can fail. */
static void append_head(http_response_t *response, const char *type) {
  http_connection_t *connection = response->request->connection;
  http_buffer_t *output = http_output(connection);
  const size_t fixed = 512;

  if (http_buffer_reserve(output, fixed + response->fields.size_bytes,
                          HTTP_OUTPUT_FIRST_BYTES) != 0) {
    http_connection_fail(connection, UV_ENOMEM);
    return;
  }
  response->sent_bytes -= output->size_bytes;
  append_status_line(output, response->status);
  append_line(output,
              "Date: ", http_date_text(&connection->server->date, time(NULL)));
  if (type != NULL)
    append_line(output, "Content-Type: ", type);
  append_framing(output, response);
  http_buffer_append(output, response->fields.bytes,
                     response->fields.size_bytes);
  http_buffer_append_text(output, "\r\n");
  response->sent_bytes += output->size_bytes;
}

void http_response_begin(http_response_t *response, int status,
                         const char *type, int64_t length_bytes) {
  http_request_t *request = response->request;

  response->status = status;
  response->length_bytes = length_bytes;
  response->head_only =
      request->head.method == HTTP_METHOD_HEAD || has_no_body(status);
  response->chunked =
      length_bytes == HTTP_LENGTH_UNKNOWN && request->head.version_minor == 1;
  if (!keeps_alive(response))
    request->connection->last = true;
  append_head(response, type);
}
