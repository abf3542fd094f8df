/* A response is given once: every function does nothing in a state in which
 * it has no place, so that a handler that comes too late harms nobody. */
#include "http_chunk.h"
#include "http_exchange.h"
#include <string.h>

int http_response_set_field(http_response_t *response, const char *name,
                            const char *value) {
  http_buffer_t *fields = &response->fields;
  size_t size = strlen(name) + strlen(value) + 4;
  int error;

  if (!http_text_is_token(http_text(name)) || !http_is_field_value(value))
    return UV_EINVAL;
  if (size > HTTP_RESPONSE_FIELDS_MAX_BYTES - fields->size_bytes)
    return UV_ENOBUFS;
  error = http_buffer_reserve(fields, size, 0);
  if (error == 0) {
    http_buffer_append_text(fields, name);
    http_buffer_append_text(fields, ": ");
    http_buffer_append_text(fields, value);
    http_buffer_append_text(fields, "\r\n");
  }
  return error;
}

char *http_response_begin_lines(http_response_t *response, size_t max_bytes) {
  http_buffer_t *fields = &response->fields;

  if (max_bytes > HTTP_RESPONSE_FIELDS_MAX_BYTES - fields->size_bytes ||
      http_buffer_reserve(fields, max_bytes, 0) != 0)
    return NULL;
  return fields->bytes + fields->size_bytes;
}

void http_response_end_lines(http_response_t *response, const char *end) {
  response->fields.size_bytes = (size_t)(end - response->fields.bytes);
}

static void append(http_response_t *response, const void *bytes, size_t size) {
  http_connection_t *connection = response->request->connection;

  http_exchange_sent(response->request, size);
  if (http_buffer_append(http_output(connection), bytes, size) != 0)
    http_connection_fail(connection, UV_ENOMEM);
}

void http_response_stream(http_response_t *response, int status,
                          const char *type, int64_t length_bytes,
                          const http_source_t *source) {
  if (response->state != HTTP_RESPONSE_NONE)
    return;
  http_response_begin(response, status,
                      type == NULL ? (http_text_t){NULL, 0} : http_text(type),
                      length_bytes);
  response->source = *source;
  response->state =
      response->head_only ? HTTP_RESPONSE_COMPLETE : HTTP_RESPONSE_STREAMING;
  http_timeout_begin_phase(response->request->connection);
  http_connection_settle(response->request->connection);
}

/* Answers that more was given than announced. */
static bool count_body(http_response_t *response, size_t size) {
  response->body_bytes += size;
  return response->length_bytes != HTTP_LENGTH_UNKNOWN &&
         response->body_bytes > (uint64_t)response->length_bytes;
}

static void append_chunk(http_response_t *response, const void *bytes,
                         size_t size) {
  http_connection_t *connection = response->request->connection;
  http_buffer_t *output = http_output(connection);
  size_t before = output->size_bytes;

  if (http_chunk_append(output, bytes, size) != 0)
    http_connection_fail(connection, UV_ENOMEM);
  else
    http_exchange_sent(response->request, output->size_bytes - before);
}

void http_response_write(http_response_t *response, const void *bytes,
                         size_t size) {
  http_connection_t *connection = response->request->connection;

  if (response->state != HTTP_RESPONSE_STREAMING)
    return;
  response->pulled = false;
  http_timeout_begin_phase(connection);
  if (count_body(response, size))
    http_connection_fail(connection, UV_EMSGSIZE);
  else if (!response->chunked)
    append(response, bytes, size);
  else
    append_chunk(response, bytes, size);
  http_connection_settle(connection);
}

void http_response_end(http_response_t *response) {
  http_connection_t *connection = response->request->connection;

  if (response->state != HTTP_RESPONSE_STREAMING)
    return;
  response->pulled = false;
  if (response->chunked)
    append(response, HTTP_CHUNK_LAST, strlen(HTTP_CHUNK_LAST));
  else if (response->length_bytes != HTTP_LENGTH_UNKNOWN &&
           response->body_bytes != (uint64_t)response->length_bytes)
    http_connection_fail(connection, UV_EIO);
  response->state = HTTP_RESPONSE_COMPLETE;
  http_connection_settle(connection);
}

void http_response_abort(http_response_t *response, int error) {
  http_connection_t *connection = response->request->connection;

  http_connection_fail(connection, error);
  http_connection_settle(connection);
}

int http_response_status(const http_response_t *response) {
  return response->status;
}

uint64_t http_response_body_bytes(const http_response_t *response) {
  return response->body_bytes;
}
