#include "json_account.h"

#include "text.h"
#include <inttypes.h>
#include <stdio.h>
#include <uv.h>

static json_t *by_type(const async_request_info_t *info) {
  json_fields_t fields = asyncscope__json_begin();
  char name[DEBUG_UTF8_BYTES];
  for (size_t i = 0; i < info->type_count; i++) {
    asyncscope__debug_utf8(info->types[i].type, name);
    asyncscope__json_put_unsigned(&fields, name, info->types[i].count);
  }
  return asyncscope__json_end(&fields);
}

static json_t *cost(const async_request_info_t *info) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "loopUs", info->loop_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "workerUs", info->worker_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "queueUs", info->queued_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "resources", info->resources);
  asyncscope__json_put_unsigned(&fields, "bytesIn", info->in_bytes);
  asyncscope__json_put_unsigned(&fields, "bytesOut", info->out_bytes);
  asyncscope__json_put(&fields, "byType", by_type(info));
  asyncscope__json_put_unsigned(&fields, "otherTypes", info->other_types);
  return asyncscope__json_end(&fields);
}

void asyncscope__json_put_trace(json_fields_t *fields,
                                const async_request_trace_t *trace) {
  char text[40];
  if (trace->trace_id[0] == 0 && trace->trace_id[1] == 0)
    return;
  snprintf(text, sizeof(text), "%016" PRIx64 "%016" PRIx64, trace->trace_id[0],
           trace->trace_id[1]);
  asyncscope__json_put_text(fields, "traceId", text);
  snprintf(text, sizeof(text), "%016" PRIx64, trace->span_id);
  asyncscope__json_put_text(fields, "spanId", text);
}

void asyncscope__json_put_account(json_fields_t *fields,
                                  const async_request_info_t *info) {
  asyncscope__json_put_name(fields, "route", info->route);
  asyncscope__json_put_trace(fields, &info->trace);
  asyncscope__json_put_unsigned(fields, "holders", info->holders);
  asyncscope__json_put(fields, "cost", cost(info));
}

/* Of HTTP; or, below 0, what ended it in place of an answer. */
static void put_status(json_fields_t *fields, int status) {
  if (status < 0)
    asyncscope__json_put_text(fields, "error", uv_err_name(status));
  else
    asyncscope__json_put_integer(fields, "status", status);
}

static void put_end(json_fields_t *fields, const debug_capture_t *capture,
                    const async_request_info_t *info) {
  uint64_t us = asyncscope__debug_elapsed_us(info->ended_ns, capture->begun_ns);
  asyncscope__json_put_unsigned(fields, "endedAgoUs", us);
  put_status(fields, info->status);
  asyncscope__json_put_bool(fields, "failed", info->failed);
  asyncscope__json_put_bool(fields, "retained", info->holders > 0);
}

json_t *asyncscope__json_account(const debug_capture_t *capture,
                                 const async_request_info_t *info) {
  uint64_t us = asyncscope__debug_account_us(capture, info);
  bool ended = info->ended_ns != 0;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_request(&fields, "requestId", info->number);
  asyncscope__json_put_text(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "state", ended ? "finished" : "active");
  if (info->root.async_id > ASYNC_ID_NONE)
    asyncscope__json_put_integer(&fields, "rootAsyncId", info->root.async_id);
  asyncscope__json_put_key(&fields, "key", info->root);
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_unsigned(&fields, ended ? "durationUs" : "ageUs", us);
  if (ended)
    put_end(&fields, capture, info);
  asyncscope__json_put_account(&fields, info);
  return asyncscope__json_end(&fields);
}
