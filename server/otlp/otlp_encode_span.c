/* The names of attributes are those of OpenTelemetry's conventions; what they
 * have none for begins with "asyncscope.". */
#include "otlp_encode.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Of a span: that the parent is known to be on another host, or not. */
#define HAS_IS_REMOTE 0x100u
#define IS_REMOTE     0x200u

#define ID_BYTES      33

static const char *trace_id(const async_request_trace_t *trace,
                            char text[ID_BYTES]) {
  snprintf(text, ID_BYTES, "%016" PRIx64 "%016" PRIx64, trace->trace_id[0],
           trace->trace_id[1]);
  return text;
}

static const char *span_id(uint64_t id, char text[ID_BYTES]) {
  snprintf(text, ID_BYTES, "%016" PRIx64, id);
  return text;
}

static bool put_thread(json_t *list, const otlp_span_t *span) {
  char id[24];
  snprintf(id, sizeof(id), "r%" PRIu64, span->request);
  return otlp_put_integer(list, "thread.id", span->thread) &&
         (span->thread_name[0] == '\0' ||
          otlp_put_text(list, "thread.name", span->thread_name)) &&
         otlp_put_text(list, "asyncscope.request_id", id);
}

/* "GET /sum" */
static void split(const char *name, char method[ASYNC_REQUEST_NAME_BYTES],
                  const char **ret_path) {
  size_t size = strcspn(name, " ");
  memcpy(method, name, size);
  method[size] = '\0';
  *ret_path = name[size] == ' ' ? name + size + 1 : name + size;
}

static bool put_status(json_t *list, const otlp_span_t *span) {
  char code[16];
  if (span->status < 0)
    return otlp_put_text(list, "error.type", uv_err_name(span->status));
  if (!otlp_put_integer(list, "http.response.status_code",
                        (uint64_t)span->status))
    return false;
  snprintf(code, sizeof(code), "%d", span->status);
  return !span->failed || otlp_put_text(list, "error.type", code);
}

static bool put_costs(json_t *list, const otlp_request_span_t *request) {
  return otlp_put_integer(list, "asyncscope.loop_us",
                          request->loop_ns / 1000) &&
         otlp_put_integer(list, "asyncscope.worker_us",
                          request->worker_ns / 1000) &&
         otlp_put_integer(list, "asyncscope.queued_us",
                          request->queued_ns / 1000) &&
         otlp_put_integer(list, "asyncscope.bytes_in", request->in_bytes) &&
         otlp_put_integer(list, "asyncscope.bytes_out", request->out_bytes) &&
         otlp_put_integer(list, "asyncscope.resources", request->resources);
}

static bool put_request(json_t *list, const otlp_span_t *span, bool https) {
  char method[ASYNC_REQUEST_NAME_BYTES];
  const char *path;
  split(span->of_request.name, method, &path);
  return otlp_put_text(list, "http.request.method", method) &&
         otlp_put_text(list, "url.path", path) &&
         (!span->of_request.name_cut ||
          otlp_put_true(list, "asyncscope.url_path_cut")) &&
         otlp_put_text(list, "url.scheme", https ? "https" : "http") &&
         (span->of_request.route[0] == '\0' ||
          otlp_put_text(list, "http.route", span->of_request.route)) &&
         put_status(list, span) && put_costs(list, &span->of_request);
}

static bool put_site(json_t *list, const async_site_t *site) {
  if (site == NULL || site->file == NULL)
    return true;
  return otlp_put_text(list, "code.file.path", site->file) &&
         otlp_put_integer(list, "code.line.number", site->line) &&
         (site->function == NULL ||
          otlp_put_text(list, "code.function.name", site->function));
}

static bool put_child(json_t *list, const otlp_span_t *span) {
  char key[48];
  snprintf(key, sizeof(key), "%" PRIu32 ":%" PRId64, span->thread,
           span->of_child.async_id);
  return otlp_put_text(list, "asyncscope.type", span->of_child.type) &&
         otlp_put_text(list, "asyncscope.key", key) &&
         otlp_put_integer(list, "asyncscope.run_us",
                          span->of_child.run_ns / 1000) &&
         (span->status == 0 ||
          otlp_put_text(list, "error.type", uv_err_name(span->status))) &&
         put_site(list, span->of_child.site);
}

static json_t *attributes(const otlp_span_t *span, bool https) {
  json_t *list = json_array();
  bool well = span->kind == OTLP_SERVER ? put_request(list, span, https)
                                        : put_child(list, span);
  if (well && put_thread(list, span))
    return list;
  json_decref(list);
  return NULL;
}

/* A route has few values, a path has not. */
static void name_of(const otlp_span_t *span, char *ret_name, size_t bytes) {
  const otlp_request_span_t *request = &span->of_request;
  char method[ASYNC_REQUEST_NAME_BYTES];
  const char *path;
  if (span->kind != OTLP_SERVER) {
    snprintf(ret_name, bytes, "%s", span->of_child.work->name);
    return;
  }
  split(request->name, method, &path);
  snprintf(ret_name, bytes, "%s%s%s", method,
           request->route[0] == '\0' ? "" : " ", request->route);
}

static json_t *links(const otlp_span_t *span) {
  char trace[ID_BYTES], id[ID_BYTES];
  return json_pack("[{s:s, s:s}]", "traceId", trace_id(&span->trace, trace),
                   "spanId", span_id(span->of_child.link_id, id));
}

static uint32_t flags_of(const otlp_span_t *span) {
  bool remote = span->kind == OTLP_SERVER && span->trace.parent_span_id != 0;
  return span->trace.flags | HAS_IS_REMOTE | (remote ? IS_REMOTE : 0);
}

static bool set(json_t *object, const char *key, json_t *value) {
  return json_object_set_new(object, key, value) == 0;
}

/* What not every span has. */
static bool set_rest(json_t *object, const otlp_span_t *span) {
  char id[ID_BYTES];
  if (span->state != NULL &&
      !set(object, "traceState", otlp_text(span->state->text)))
    return false;
  if (span->trace.parent_span_id != 0 &&
      !set(object, "parentSpanId",
           json_string(span_id(span->trace.parent_span_id, id))))
    return false;
  if (span->kind != OTLP_SERVER && span->of_child.link_id != 0 &&
      !set(object, "links", links(span)))
    return false;
  if (!span->failed && span->status >= 0)
    return true;
  return set(object, "status",
             span->status < 0 ? json_pack("{s:i, s:s}", "code", 2, "message",
                                          uv_strerror(span->status))
                              : json_pack("{s:i}", "code", 2));
}

json_t *otlp_encode_span(const otlp_span_t *span, bool https) {
  char trace[ID_BYTES], id[ID_BYTES], start[24], end[24];
  char name[ASYNC_REQUEST_NAME_BYTES + ASYNC_ROUTE_BYTES];
  uint64_t end_ns =
      span->end_ns < span->start_ns ? span->start_ns : span->end_ns;
  json_t *object;
  snprintf(start, sizeof(start), "%" PRIu64, span->start_ns);
  snprintf(end, sizeof(end), "%" PRIu64, end_ns);
  name_of(span, name, sizeof(name));
  object = json_pack(
      "{s:s, s:s, s:i, s:o, s:i, s:s, s:s, s:o}", "traceId",
      trace_id(&span->trace, trace), "spanId", span_id(span->trace.span_id, id),
      "flags", (int)flags_of(span), "name", otlp_text(name), "kind",
      (int)span->kind, "startTimeUnixNano", start, "endTimeUnixNano", end,
      "attributes", attributes(span, https));
  if (object != NULL && set_rest(object, span))
    return object;
  json_decref(object);
  return NULL;
}
