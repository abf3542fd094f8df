#include "request_log.h"

#include "asyncscope/async_env.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

/* However much of it has to be escaped, twice in JSON, the line is long
 * enough. */
#define TARGET_BYTES 384
#define TEXT_BYTES   (TARGET_BYTES + 256)

typedef struct line_s {
  char request_id[REQUEST_ID_BYTES];
  char trace_id[TRACE_ID_BYTES];
  char span_id[SPAN_ID_BYTES];
  char target[TARGET_BYTES];
  const char *method;
  int status;
  uint64_t body_bytes;
  uint64_t duration_us;
  const char *error; /* its name, NULL for none */
} line_t;

static void fill(const request_context_t *context,
                 const http_request_t *request, const http_response_t *response,
                 int error, line_t *ret_line) {
  request_id_format(context->number, ret_line->request_id);
  request_trace_id_format(&context->trace.ids, ret_line->trace_id);
  request_span_id_format(context->trace.ids.span_id, ret_line->span_id);
  app_log_quote(http_request_target(request), ret_line->target, TARGET_BYTES);
  ret_line->method = http_method_name(http_request_method(request));
  ret_line->status = http_response_status(response);
  ret_line->body_bytes = http_response_body_bytes(response);
  ret_line->duration_us = (async_env_now_ns() - context->started_ns) / 1000;
  ret_line->error = error == 0 ? NULL : uv_err_name(error);
}

static size_t format_text(const line_t *line, char ret_text[TEXT_BYTES]) {
  int size = snprintf(
      ret_text, TEXT_BYTES, "%s %s %s %d %llu %llu.%03llums trace=%s%s%s\n",
      line->request_id, line->method, line->target, line->status,
      (unsigned long long)line->body_bytes,
      (unsigned long long)(line->duration_us / 1000),
      (unsigned long long)(line->duration_us % 1000), line->trace_id,
      line->error == NULL ? "" : " ", line->error == NULL ? "" : line->error);

  return (size_t)size;
}

/* One that its peer gave up is no fault of the server. */
static app_log_level_t level_of(const line_t *line) {
  if (line->status >= 500)
    return APP_LOG_ERROR;
  return line->error == NULL ? APP_LOG_INFO : APP_LOG_WARN;
}

static void keep(app_log_t *log, const request_context_t *context,
                 const line_t *line, const char *text, size_t size) {
  const asyncscope_trace_t *ids = &context->trace.ids;

  app_log_keep(log,
               &(asyncscope_debug_log_line_t){
                   .level = level_of(line),
                   .text = text,
                   .text_bytes = size,
                   .request = context->number,
                   .trace = {.trace_id = {ids->trace_id[0], ids->trace_id[1]},
                             .span_id = ids->span_id,
                             .flags = ids->flags}});
}

static json_t *fields_of(const line_t *line, const request_context_t *context,
                         http_request_t *request) {
  async_id_t async_id = async_resource_async_id(http_request_resource(request));
  return json_pack(
      "{s:s, s:s, s:s, s:s, s:s, s:s#, s:i, s:I, s:I, s:s*, s:i, s:I}",
      "request_id", line->request_id, "trace_id", line->trace_id, "span_id",
      line->span_id, "trace_flags",
      (context->trace.ids.flags & ASYNCSCOPE_TRACE_SAMPLED) != 0 ? "01" : "00",
      "method", line->method, "target", line->target + 1,
      (int)strlen(line->target) - 2, "status", line->status, "body_bytes",
      (json_int_t)line->body_bytes, "duration_us",
      (json_int_t)line->duration_us, "error", line->error, "thread",
      (int)async_env_thread(), "async_id", (json_int_t)async_id);
}

void request_log_write(app_log_t *log, const request_context_t *context,
                       http_request_t *request, const http_response_t *response,
                       int error) {
  char text[TEXT_BYTES];
  line_t line;
  size_t size;
  fill(context, request, response, error, &line);
  size = format_text(&line, text);
  keep(log, context, &line, text, size - 1);
  if (!app_log_has(log, level_of(&line)))
    return;
  if (log->json)
    app_log_write_json(log, level_of(&line), "request",
                       fields_of(&line, context, request));
  else
    app_log_write_line(log, text, size);
}
