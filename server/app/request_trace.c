#include "request_trace.h"

#include "asyncscope/async_allocator.h"
#include "http_apart.h"
#include "http_client_request.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What the fields add up to, before it is known how much of it is kept. */
typedef struct passed_on_s {
  char tracestate[ASYNCSCOPE_TRACESTATE_BYTES];
  size_t tracestate_bytes;
  asyncscope_baggage_t baggage;
} passed_on_t;

/* One that comes twice is none. */
static bool read_parent(const http_request_t *request,
                        asyncscope_trace_t *ret_parent) {
  http_text_t value;
  return http_request_field(request, "traceparent", &value) == 1 &&
         asyncscope_trace_parse(value.at, value.size_bytes, ret_parent) == 0;
}

static bool has_fields(const http_request_t *request, const char *name) {
  http_text_t value;
  return http_request_field_at(request, name, 0, &value);
}

/* Several fields are one list. */
static void read_tracestate(const http_request_t *request,
                            passed_on_t *passed_on) {
  http_text_t value;
  size_t used = 0;
  for (unsigned i = 0; http_request_field_at(request, "tracestate", i, &value);
       i++) {
    if (value.size_bytes + 1 > sizeof(passed_on->tracestate) - used)
      return;
    if (i > 0)
      passed_on->tracestate[used++] = ',';
    memcpy(passed_on->tracestate + used, value.at, value.size_bytes);
    used += value.size_bytes;
  }
  if (asyncscope_tracestate_is_valid(passed_on->tracestate, used))
    passed_on->tracestate_bytes = used;
}

static void read_baggage(const http_request_t *request,
                         passed_on_t *passed_on) {
  http_text_t value;
  for (unsigned i = 0; http_request_field_at(request, "baggage", i, &value);
       i++)
    asyncscope_baggage_add(&passed_on->baggage, value.at, value.size_bytes);
}

static void keep(request_trace_t *trace, const passed_on_t *passed_on) {
  size_t state_bytes = passed_on->tracestate_bytes;
  size_t baggage_bytes = passed_on->baggage.text_bytes;
  if (state_bytes + baggage_bytes == 0)
    return;
  trace->texts = async_malloc(state_bytes + baggage_bytes);
  if (trace->texts == NULL)
    return;
  memcpy(trace->texts, passed_on->tracestate, state_bytes);
  memcpy(trace->texts + state_bytes, passed_on->baggage.text, baggage_bytes);
  trace->tracestate = (http_text_t){trace->texts, state_bytes};
  trace->baggage = (http_text_t){trace->texts + state_bytes, baggage_bytes};
}

/* Some ten kilobytes of stack, for those who send one of the fields. */
static void read_passed_on(const http_request_t *request, bool has_parent,
                           request_trace_t *trace) {
  passed_on_t passed_on;
  passed_on.tracestate_bytes = 0;
  passed_on.baggage.text_bytes = 0;
  passed_on.baggage.members = 0;
  if (has_parent)
    read_tracestate(request, &passed_on);
  read_baggage(request, &passed_on);
  keep(trace, &passed_on);
}

HTTP_APART static void read_fields(const http_request_t *request,
                                   request_trace_t *trace) {
  bool has_parent = read_parent(request, &trace->ids);
  if ((has_parent && has_fields(request, "tracestate")) ||
      has_fields(request, "baggage"))
    read_passed_on(request, has_parent, trace);
}

void request_trace_read(const http_request_t *request,
                        asyncscope_trace_source_t *source,
                        request_trace_t *ret_trace) {
  ret_trace->texts = NULL;
  ret_trace->tracestate = (http_text_t){NULL, 0};
  ret_trace->baggage = (http_text_t){NULL, 0};
  ret_trace->ids.span_id = 0;
  if (has_fields(request, "traceparent") || has_fields(request, "baggage"))
    read_fields(request, ret_trace);
  asyncscope_trace_begin(source, &ret_trace->ids, &ret_trace->ids);
}

void request_trace_pass_on(const request_trace_t *trace,
                           http_client_head_t *head) {
  char parent[ASYNCSCOPE_TRACE_TEXT_BYTES];
  asyncscope_trace_format(&trace->ids, parent);
  http_client_head_add(head, "traceparent", http_text(parent));
  if (trace->tracestate.size_bytes > 0)
    http_client_head_add(head, "tracestate", trace->tracestate);
  if (trace->baggage.size_bytes > 0)
    http_client_head_add(head, "baggage", trace->baggage);
}

void request_trace_finish(request_trace_t *trace) {
  if (trace->texts == NULL)
    return;
  async_free(trace->texts);
  *trace = (request_trace_t){.texts = NULL};
}

void request_trace_id_format(const asyncscope_trace_t *ids,
                             char ret_id[TRACE_ID_BYTES]) {
  snprintf(ret_id, TRACE_ID_BYTES, "%016" PRIx64 "%016" PRIx64,
           ids->trace_id[0], ids->trace_id[1]);
}

void request_span_id_format(uint64_t id, char ret_id[SPAN_ID_BYTES]) {
  snprintf(ret_id, SPAN_ID_BYTES, "%016" PRIx64, id);
}
