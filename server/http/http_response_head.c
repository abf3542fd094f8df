#include "http_exchange.h"

#include "http_apart.h"
#include "http_put.h"
#include "http_status.h"
#include <string.h>
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

/* Most have this one, of which the compiler knows the size. */
static char *put_status_line(char *at, int status) {
  http_text_t line;

  if (status == 200)
    return HTTP_PUT(at, "HTTP/1.1 200 OK\r\n");
  line = http_status_line(status);
  if (line.size_bytes > 0)
    return http_put(at, line.at, line.size_bytes);
  at = HTTP_PUT(at, "HTTP/1.1 ");
  at = http_put_unsigned(at, (uint64_t)status);
  return HTTP_PUT(at, " Status\r\n");
}

/* That of the loop's turn: the clock is read once in it. */
static char *put_date(char *at, http_server_t *server) {
  uint64_t now_ms = uv_now(server->loop);

  if (server->date_ms != now_ms) {
    server->date_ms = now_ms;
    http_date_set(&server->date, time(NULL));
  }
  return http_put(at, server->date.line, HTTP_DATE_LINE_BYTES);
}

static char *put_type(char *at, http_text_t type) {
  if (type.at == NULL)
    return at;
  at = HTTP_PUT(at, "Content-Type: ");
  at = http_put(at, type.at, type.size_bytes);
  return HTTP_PUT(at, "\r\n");
}

/* Nothing where the answer has no body: it ends with its head. */
static char *put_framing(char *at, const http_response_t *response) {
  if (has_no_body(response->status))
    return at;
  if (response->chunked)
    return HTTP_PUT(at, "Transfer-Encoding: chunked\r\n");
  if (response->length_bytes == HTTP_LENGTH_UNKNOWN)
    return at;
  at = HTTP_PUT(at, "Content-Length: ");
  at = http_put_unsigned(at, (uint64_t)response->length_bytes);
  return HTTP_PUT(at, "\r\n");
}

static char *put_connection(char *at, const http_request_t *request) {
  if (request->connection->last)
    return HTTP_PUT(at, "Connection: close\r\n");
  if (request->head.version_minor == 0)
    return HTTP_PUT(at, "Connection: keep-alive\r\n");
  return at;
}

static char *put_head(char *at, http_response_t *response, http_text_t type) {
  const http_buffer_t *fields = &response->fields;

  at = put_status_line(at, response->status);
  at = put_date(at, response->request->connection->server);
  at = put_type(at, type);
  at = put_framing(at, response);
  at = put_connection(at, response->request);
  if (fields->size_bytes > 0)
    at = http_put(at, fields->bytes, fields->size_bytes);
  return HTTP_PUT(at, "\r\n");
}

/* What stands in every head, with the longest of its values, and more. */
#define HEAD_FIXED_BYTES 256

static void append_head(http_response_t *response, http_text_t type,
                        http_text_t body) {
  http_connection_t *connection = response->request->connection;
  http_buffer_t *output = http_output(connection);
  size_t beside =
      HEAD_FIXED_BYTES + type.size_bytes + response->fields.size_bytes;
  char *begin, *end;

  if (body.size_bytes > SIZE_MAX - beside ||
      http_buffer_reserve(output, beside + body.size_bytes,
                          HTTP_OUTPUT_FIRST_BYTES) != 0) {
    http_connection_fail(connection, UV_ENOMEM);
    return;
  }
  begin = output->bytes + output->size_bytes;
  end = put_head(begin, response, type);
  if (body.size_bytes > 0)
    end = http_put(end, body.at, body.size_bytes);
  output->size_bytes += (size_t)(end - begin);
  http_exchange_sent(response->request, (size_t)(end - begin));
}

/* With what there is of the body, if the answer is to have one. */
static inline void begin(http_response_t *response, int status,
                         http_text_t type, int64_t length_bytes,
                         http_text_t body) {
  http_request_t *request = response->request;

  response->status = status;
  response->length_bytes = length_bytes;
  response->head_only =
      request->head.method == HTTP_METHOD_HEAD || has_no_body(status);
  response->chunked =
      length_bytes == HTTP_LENGTH_UNKNOWN && request->head.version_minor == 1;
  if (!keeps_alive(response))
    request->connection->last = true;
  if (response->head_only)
    body.size_bytes = 0;
  response->body_bytes = body.size_bytes;
  append_head(response, type, body);
}

void http_response_begin(http_response_t *response, int status,
                         http_text_t type, int64_t length_bytes) {
  begin(response, status, type, length_bytes, (http_text_t){NULL, 0});
}

HTTP_FLAT static void put_answer(http_response_t *response, int status,
                                 http_text_t type, http_text_t body) {
  begin(response, status, type, (int64_t)body.size_bytes, body);
  response->state = HTTP_RESPONSE_COMPLETE;
}

void http_response_send_text(http_response_t *response, int status,
                             http_text_t type, http_text_t body) {
  if (response->state != HTTP_RESPONSE_NONE)
    return;
  put_answer(response, status, type, body);
  http_connection_settle(response->request->connection);
}
