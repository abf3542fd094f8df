/* /debug/trace in the Trace Event Format, for Perfetto, speedscope and whoever
 * else reads that.
 *
 * - A scope is an X slice of its thread: they nest, as a scope is left before
 *   the one around it. Its name is the type alone and its args are empty, as
 *   readers that add slices up do so by both. One that is not left yet reaches
 *   to the moment of the capture.
 * - A life is an async pair, b and e: lives overlap. Here stand key, site and
 *   request. Of a life that began before the log nothing is said.
 * - A flow leads from where a resource was made to its first scope; that of a
 *   task by way of its worker: s, t, f.
 *
 * There are readers that count on where things stand: the list first, one
 * event on a line, everything else behind it. */
#include "chrome_event.h"
#include "endpoint.h"
#include "event_log.h"
#include "formats.h"
#include "json_writer.h"
#include "opening.h"
#include "recorded.h"
#include "resource.h"

#include "asyncscope/async_allocator.h"

#define SECONDS 10 /* where none are asked for */

typedef struct chrome_trace_s chrome_trace_t;

/* Writes the next piece: 1 when the part has more, 0 when that was its last.
 * Errors: UV_ENOBUFS, UV_ENOMEM. */
typedef int (*part_cb)(chrome_trace_t *trace, debug_buffer_t *buffer);

struct chrome_trace_s {
  debug_capture_t capture;
  debug_event_log_t log;
  bool internal; /* asyncscope's own too */
  const part_cb *part;
  size_t thread, at;    /* where the part stands */
  json_writer_t writer; /* of all but the list's elements */
};

/* An event of `thread` that belongs to nothing. */
static chrome_event_t event_of(const chrome_trace_t *trace,
                               const debug_thread_t *thread, const char *phase,
                               const char *category, const char *name) {
  return (chrome_event_t){.capture = &trace->capture,
                          .thread = thread,
                          .phase = phase,
                          .category = category,
                          .name = name,
                          .ref = {ASYNC_THREAD_NONE, ASYNC_ID_NONE}};
}

static json_t *name_args(const char *name) {
  return json_pack("{s:o}", "name", asyncscope__json_text(name));
}

static int begin_list(chrome_trace_t *trace, debug_buffer_t *buffer) {
  chrome_event_t event = event_of(trace, &trace->capture.threads[0], "M",
                                  "__metadata", "process_name");
  event.first = true;
  trace->writer.buffer = buffer;
  int error = asyncscope__json_open_object(&trace->writer, NULL);
  if (error == 0)
    error = asyncscope__json_open_array(&trace->writer, "traceEvents");
  return error != 0
             ? error
             : asyncscope__chrome_append(
                   &event, name_args(trace->capture.debug->command), buffer);
}

/* The next thread: 1, or 0 behind the last. */
static int advance(chrome_trace_t *trace) {
  trace->at = 0;
  if (++trace->thread < trace->capture.thread_count)
    return 1;
  trace->thread = 0;
  return 0;
}

static int name_thread(chrome_trace_t *trace, debug_buffer_t *buffer) {
  const debug_thread_t *thread = &trace->capture.threads[trace->thread];
  chrome_event_t event =
      event_of(trace, thread, "M", "__metadata", "thread_name");
  int error =
      asyncscope__chrome_append(&event, name_args(thread->info.name), buffer);
  return error != 0 ? error : advance(trace);
}

static int append_slice(const chrome_trace_t *trace,
                        const debug_thread_t *thread, const char *category,
                        const char *type, uint64_t at_ns, uint64_t duration_ns,
                        debug_buffer_t *buffer) {
  chrome_event_t event = event_of(trace, thread, "X", category, type);
  event.at_ns = at_ns;
  event.duration_ns = &duration_ns;
  return asyncscope__chrome_append(&event, json_object(), buffer);
}

/* A step of the flow that `ref` names. */
static int append_flow(const chrome_trace_t *trace,
                       const debug_thread_t *thread, const char *phase,
                       async_ref_t ref, uint64_t at_ns,
                       debug_buffer_t *buffer) {
  chrome_event_t event = event_of(trace, thread, phase, "trigger", "trigger");
  event.at_ns = at_ns;
  event.ref = ref;
  return asyncscope__chrome_append(&event, json_object(), buffer);
}

static json_t *life_args(const async_event_t *made, async_ref_t ref) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", ref);
  asyncscope__json_put_key(&fields, "trigger", made->trigger);
  asyncscope__json_put_request(&fields, "requestId", made->request);
  asyncscope__json_put_site(&fields, "site", made->site);
  return asyncscope__json_end(&fields);
}

static int append_life(const chrome_trace_t *trace,
                       const debug_thread_t *thread, const char *phase,
                       const async_event_t *made, async_ref_t ref,
                       debug_buffer_t *buffer) {
  chrome_event_t event = event_of(trace, thread, phase, "resource", made->type);
  event.at_ns = made->at_ns;
  event.ref = ref;
  return asyncscope__chrome_append(
      &event, phase[0] == 'b' ? life_args(made, ref) : json_object(), buffer);
}

static async_ref_t ref_of(const debug_thread_log_t *log,
                          const async_event_t *event) {
  return (async_ref_t){log->thread->info.thread, event->async_id};
}

static const debug_born_t *born_of(const chrome_trace_t *trace,
                                   const debug_thread_log_t *log,
                                   const async_event_t *event) {
  return asyncscope__debug_find_born(&trace->log, ref_of(log, event));
}

/* At top level there is no slice for the flow to leave. */
static bool begins_flow(const debug_born_t *born) {
  return born != NULL && born->causes && born->in_scope;
}

static int append_init(const chrome_trace_t *trace,
                       const debug_thread_log_t *log,
                       const async_event_t *event, debug_buffer_t *buffer) {
  async_ref_t ref = ref_of(log, event);
  int error = append_life(trace, log->thread, "b", event, ref, buffer);
  if (error == 0 && begins_flow(born_of(trace, log, event)))
    error = append_flow(trace, log->thread, "s", ref, event->at_ns, buffer);
  return error;
}

/* The scope of a task on a worker is a step of the flow of the task. */
static int append_arrival(const chrome_trace_t *trace,
                          const debug_thread_log_t *log,
                          const async_event_t *event, const debug_born_t *born,
                          debug_buffer_t *buffer) {
  bool here = born->trigger.thread == log->thread->info.thread;
  async_ref_t flow = here ? ref_of(log, event) : born->trigger;
  return begins_flow(asyncscope__debug_find_born(&trace->log, flow))
             ? append_flow(trace, log->thread, here ? "f" : "t", flow,
                           event->at_ns, buffer)
             : 0;
}

static int append_run(const chrome_trace_t *trace,
                      const debug_thread_log_t *log, const async_event_t *event,
                      size_t number, debug_buffer_t *buffer) {
  const debug_born_t *born = born_of(trace, log, event);
  int error = append_slice(trace, log->thread, "run", event->type, event->at_ns,
                           event->duration_ns, buffer);
  if (error == 0 && born != NULL && born->first_run == number)
    error = append_arrival(trace, log, event, born, buffer);
  return error;
}

static int append_destroy(const chrome_trace_t *trace,
                          const debug_thread_log_t *log,
                          const async_event_t *event, debug_buffer_t *buffer) {
  return born_of(trace, log, event) == NULL
             ? 0
             : append_life(trace, log->thread, "e", event, ref_of(log, event),
                           buffer);
}

static int append_recorded(const chrome_trace_t *trace,
                           const debug_thread_log_t *log, size_t number,
                           debug_buffer_t *buffer) {
  const async_event_t *event = &log->events[number];
  switch (event->kind) {
  case ASYNC_EVENT_INIT:
    return append_init(trace, log, event, buffer);
  case ASYNC_EVENT_RUN:
    return append_run(trace, log, event, number, buffer);
  case ASYNC_EVENT_DESTROY:
    return append_destroy(trace, log, event, buffer);
  default:
    return 0;
  }
}

static int write_recorded(chrome_trace_t *trace, debug_buffer_t *buffer) {
  const debug_thread_log_t *log = &trace->log.threads[trace->thread];
  if (trace->at == log->event_count)
    return advance(trace);
  int error = append_recorded(trace, log, trace->at, buffer);
  if (error != 0)
    return error;
  trace->at++;
  return 1;
}

static int append_running(const chrome_trace_t *trace,
                          const debug_thread_t *thread,
                          const async_stack_entry_t *entry,
                          debug_buffer_t *buffer) {
  async_ref_t ref = {thread->info.thread, entry->async_id};
  debug_resource_t found;
  bool known = asyncscope__debug_find_resource(&trace->capture, ref, &found);
  if (known && found.info.internal && !trace->internal)
    return 0;
  return append_slice(trace, thread, "running",
                      known ? found.info.type : "unknown", entry->since_ns,
                      thread->captured_ns - entry->since_ns, buffer);
}

/* The scopes that were open: of a deep stack those that are published. */
static int write_running(chrome_trace_t *trace, debug_buffer_t *buffer) {
  const debug_thread_t *thread = &trace->capture.threads[trace->thread];
  if (trace->at == thread->info.stack_depth ||
      trace->at == ASYNC_STACK_PUBLISHED)
    return advance(trace);
  int error =
      append_running(trace, thread, &thread->info.stack[trace->at], buffer);
  if (error != 0)
    return error;
  trace->at++;
  return 1;
}

static json_t *describe_thread(const debug_thread_log_t *log, uint64_t now_ns) {
  json_fields_t fields = asyncscope__json_begin();
  uint64_t from_ns = log->covers_from_ns;
  asyncscope__json_put_unsigned(&fields, "thread", log->thread->info.thread);
  asyncscope__json_put_unsigned(&fields, "events", log->event_count);
  asyncscope__json_put_unsigned(&fields, "leftOut", log->left_out);
  asyncscope__json_put_unsigned(
      &fields, "coversUs",
      from_ns == 0 ? 0 : asyncscope__debug_elapsed_us(from_ns, now_ns));
  return asyncscope__json_end(&fields);
}

/* What was asked for, and how much of it each recorder still had. */
static json_t *describe(const chrome_trace_t *trace) {
  const debug_event_log_t *log = &trace->log;
  json_t *threads = json_array();
  for (size_t i = 0; i < log->thread_count; i++)
    if (json_array_append_new(
            threads,
            describe_thread(&log->threads[i], trace->capture.begun_ns)) != 0) {
      json_decref(threads);
      return NULL;
    }
  debug_recorded_t all = asyncscope__debug_recorded_by_all(&trace->capture);
  return json_pack("{s:s, s:I, s:I, s:I, s:o}", "tool", "asyncscope", "spanUs",
                   (json_int_t)asyncscope__debug_elapsed_us(
                       log->from_ns, trace->capture.begun_ns),
                   "coversUs", (json_int_t)all.covers_us, "droppedEvents",
                   (json_int_t)all.dropped, "threads", threads);
}

static int end_list(chrome_trace_t *trace, debug_buffer_t *buffer) {
  json_writer_t *writer = &trace->writer;
  writer->buffer = buffer;
  int error = asyncscope__debug_append_text(buffer, "\n");
  if (error == 0)
    error = asyncscope__json_close(writer);
  if (error == 0)
    error =
        asyncscope__json_write(writer, "displayTimeUnit", json_string("ns"));
  if (error == 0)
    error = asyncscope__json_write(writer, "otherData", describe(trace));
  return error != 0 ? error : asyncscope__json_close(writer);
}

static const part_cb parts[] = {begin_list,    name_thread, write_recorded,
                                write_running, end_list,    NULL};

static int chrome_step(void *state, debug_buffer_t *buffer) {
  chrome_trace_t *trace = state;
  json_writer_t before = trace->writer;
  int status = (*trace->part)(trace, buffer);
  if (status < 0)
    trace->writer = before;
  trace->part += status == 0;
  return status != 0 ? status : *trace->part != NULL;
}

static void chrome_close(void *state) {
  chrome_trace_t *trace = state;
  asyncscope__debug_event_log_finish(&trace->log);
  asyncscope__debug_capture_finish(&trace->capture);
  async_free(trace);
}

static uint64_t from_ns(const debug_call_t *call, uint64_t now_ns) {
  uint64_t seconds = asyncscope__debug_given(call->query, DEBUG_PARAM_SECONDS)
                         ? call->query->seconds
                         : SECONDS;
  uint64_t span_ns = seconds * 1000000000;
  return now_ns > span_ns ? now_ns - span_ns : 0;
}

static int begin(void *state, debug_call_t *call) {
  chrome_trace_t *trace = state;
  trace->part = parts;
  trace->internal = call->query->internal;
  asyncscope__debug_name_file(call, "inline; filename=\"trace.json\"");
  int error = asyncscope__debug_open_capture(&trace->capture, call);
  return error == 0
             ? asyncscope__debug_event_log_init(
                   &trace->log, call, &trace->capture,
                   from_ns(call, trace->capture.begun_ns), trace->internal)
             : error;
}

static int chrome_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(chrome_trace_t), begin,
                                      chrome_close, ret_state);
}

const debug_format_t asyncscope__debug_chrome_trace = {
    "chrome", DEBUG_JSON_TYPE, chrome_open, chrome_step, chrome_close, NULL};
