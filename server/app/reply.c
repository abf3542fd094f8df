#include "reply.h"

#include "asyncscope/async_allocator.h"
#include "http_apart.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

void reply_text(http_response_t *response, int status, const char *format,
                ...) {
  char text[256];
  va_list arguments;
  int size;

  va_start(arguments, format);
  size = vsnprintf(text, sizeof(text) - 1, format, arguments);
  va_end(arguments);
  if (size < 0 || size > (int)sizeof(text) - 2)
    size = size < 0 ? 0 : (int)sizeof(text) - 2;
  text[size] = '\n';
  http_response_send(response, status, REPLY_TEXT_TYPE, text, (size_t)size + 1);
}

void reply_bad_query(http_response_t *response, const http_query_t *query) {
  reply_text(response, 400, "%s", query->error);
}

HTTP_APART static bool names_nothing(const http_request_t *request,
                                     http_response_t *response) {
  http_query_t query;

  if (http_query_init(&query, http_request_query(request), NULL, 0))
    return true;
  reply_bad_query(response, &query);
  return false;
}

bool reply_takes_no_query(const http_request_t *request,
                          http_response_t *response) {
  return http_request_query(request).size_bytes == 0 ||
         names_nothing(request, response);
}

void reply_unavailable(http_response_t *response, int error) {
  http_response_set_field(response, "Retry-After", "1");
  reply_text(response, 503, "not now: %s", uv_strerror(error));
}

void reply_json(http_response_t *response, int status, json_t *value) {
  char *text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT);
  size_t size;

  json_decref(value);
  if (text == NULL) {
    http_response_abort(response, UV_ENOMEM);
    return;
  }
  size = strlen(text);
  text[size] = '\n';
  http_response_send(response, status, "application/json", text, size + 1);
  async_free(text);
}
