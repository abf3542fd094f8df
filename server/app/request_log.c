#include "request_log.h"

#include "asyncscope/async_env.h"
#include <jansson.h>
#include <string.h>
#include <uv.h>

/* However much of it has to be escaped, twice in JSON, the line is long
 * enough. */
#define TARGET_BYTES 384

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

static void write_text(app_log_t *log, const line_t *line) {
  app_log_write(log, "%s %s %s %d %llu %llu.%03llums trace=%s%s%s",
                line->request_id, line->method, line->target, line->status,
                (unsigned long long)line->body_bytes,
                (unsigned long long)(line->duration_us / 1000),
                (unsigned long long)(line->duration_us % 1000), line->trace_id,
                line->error == NULL ? "" : " ",
                line->error == NULL ? "" : line->error);
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
  line_t line;
  if (!log->requests)
    return;
  fill(context, request, response, error, &line);
  if (log->json)
    app_log_write_json(log, "request", fields_of(&line, context, request));
  else
    write_text(log, &line);
}
