/* /debug/runs: what ran where in the last seconds, out of the recorders; the
 * scopes that are open reach to the moment of the capture. */
#include "document.h"
#include "event_log.h"
#include "filter.h"
#include "formats.h"
#include "json_fields.h"
#include "opening.h"
#include "resource.h"

#include "asyncscope/async_allocator.h"

#define SECONDS 10 /* where none are asked for */

typedef struct runs_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_event_log_t log;
  debug_filter_t filter;
  uint64_t from_ns;
  size_t thread, at;
  bool open; /* the thread's object is */
} runs_json_t;

static int begin_threads(void *state, json_writer_t *writer) {
  const runs_json_t *json = state;
  int error = asyncscope__json_write(
      writer, "spanUs",
      json_integer((json_int_t)asyncscope__debug_elapsed_us(
          json->from_ns, json->capture.begun_ns)));
  return error == 0 ? asyncscope__json_open_array(writer, "threads") : error;
}

/* The place of the first of the latest runs that the limit leaves. */
static size_t first_shown(const debug_thread_log_t *log, uint64_t limit,
                          uint64_t *ret_left_out) {
  size_t at = log->event_count;
  size_t first = at;
  uint64_t count = 0;
  *ret_left_out = log->left_out;
  while (at-- > 0) {
    if (log->events[at].kind != ASYNC_EVENT_RUN)
      continue;
    if (count < limit)
      first = at;
    else
      ++*ret_left_out;
    count++;
  }
  return first;
}

static json_t *describe(const runs_json_t *json, const debug_thread_log_t *log,
                        uint64_t left_out) {
  const async_env_info_t *info = &log->thread->info;
  uint64_t covers_ns = log->covers_from_ns;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_text(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "kind",
                            asyncscope__debug_kind_name(info->kind));
  asyncscope__json_put_unsigned(
      &fields, "coversUs",
      covers_ns == 0
          ? 0
          : asyncscope__debug_elapsed_us(covers_ns, json->capture.begun_ns));
  asyncscope__json_put_unsigned(&fields, "leftOut", left_out);
  return asyncscope__json_end(&fields);
}

static int begin_thread(runs_json_t *json, json_writer_t *writer) {
  const debug_thread_log_t *log = &json->log.threads[json->thread];
  uint64_t left_out;
  size_t first = first_shown(log, json->filter.query->limit, &left_out);
  int error = asyncscope__json_open_object(writer, NULL);
  if (error == 0)
    error =
        asyncscope__json_write_members(writer, describe(json, log, left_out));
  if (error == 0)
    error = asyncscope__json_open_array(writer, "runs");
  json->open = error == 0;
  json->at = first;
  return error;
}

static json_t *run_object(const runs_json_t *json, uint32_t thread,
                          const async_event_t *event) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key",
                           (async_ref_t){thread, event->async_id});
  asyncscope__json_put_name(&fields, "type", event->type);
  asyncscope__json_put_request(&fields, "requestId", event->request);
  asyncscope__json_put_unsigned(
      &fields, "startUs",
      asyncscope__debug_elapsed_us(json->capture.started_ns, event->at_ns));
  asyncscope__json_put_unsigned(&fields, "runUs", event->duration_ns / 1000);
  return asyncscope__json_end(&fields);
}

/* An open scope as the event it will be. */
static async_event_t open_scope(const runs_json_t *json,
                                const debug_thread_t *thread, size_t entry) {
  const async_stack_entry_t *on_stack = &thread->info.stack[entry];
  async_ref_t ref = {thread->info.thread, on_stack->async_id};
  async_event_t event = {
      .at_ns = on_stack->since_ns, .async_id = on_stack->async_id, .type = ""};
  debug_resource_t found;
  if (thread->captured_ns > on_stack->since_ns)
    event.duration_ns = thread->captured_ns - on_stack->since_ns;
  if (asyncscope__debug_find_resource(&json->capture, ref, &found)) {
    event.type = found.info.type;
    event.request = found.info.request;
    event.internal = found.info.internal;
  }
  return event;
}

static size_t open_scopes(const debug_thread_t *thread) {
  size_t depth = thread->info.stack_depth;
  return depth < ASYNC_STACK_PUBLISHED ? depth : ASYNC_STACK_PUBLISHED;
}

static int end_thread(runs_json_t *json, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_close(writer);
  if (error != 0)
    return error;
  json->open = false;
  json->thread++;
  return 0;
}

/* The runs, then the scopes that are open; `at` goes on behind the events. */
static int write_run(runs_json_t *json, json_writer_t *writer) {
  const debug_thread_log_t *log = &json->log.threads[json->thread];
  async_event_t event;
  bool shown;
  if (json->at < log->event_count) {
    event = log->events[json->at];
    shown = event.kind == ASYNC_EVENT_RUN;
  } else {
    event = open_scope(json, log->thread, json->at - log->event_count);
    shown = !event.internal || json->filter.internal;
  }
  int error = 0;
  if (shown)
    error = asyncscope__json_write(
        writer, NULL, run_object(json, log->thread->info.thread, &event));
  json->at += error == 0;
  return error;
}

static int write_threads(void *state, json_writer_t *writer) {
  runs_json_t *json = state;
  while (json->thread < json->log.thread_count && !json->open &&
         !asyncscope__debug_thread_matches(&json->filter, json->thread))
    json->thread++;
  if (json->thread == json->log.thread_count)
    return 0;
  const debug_thread_log_t *log = &json->log.threads[json->thread];
  int error;
  if (!json->open)
    error = begin_thread(json, writer);
  else if (json->at == log->event_count + open_scopes(log->thread))
    error = end_thread(json, writer);
  else
    error = write_run(json, writer);
  return error == 0 ? 1 : error;
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {asyncscope__debug_write_head,
                                      begin_threads, write_threads, end, NULL};

static void json_close(void *state) {
  runs_json_t *json = state;
  asyncscope__debug_event_log_finish(&json->log);
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static uint64_t from_ns(const debug_query_t *query, uint64_t now_ns) {
  bool given = asyncscope__debug_given(query, DEBUG_PARAM_SECONDS);
  uint64_t span_ns = (given ? query->seconds : SECONDS) * 1000000000;
  return now_ns > span_ns ? now_ns - span_ns : 0;
}

static int begin(void *state, debug_call_t *call) {
  runs_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->from_ns = from_ns(call->query, json->capture.begun_ns);
  json->filter = asyncscope__debug_filter(&json->capture, call->query);
  json->document =
      asyncscope__debug_document(parts, "runs", &json->capture, call->query);
  return asyncscope__debug_event_log_init(&json->log, call, &json->capture,
                                          json->from_ns, json->filter.internal);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(runs_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_runs_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
