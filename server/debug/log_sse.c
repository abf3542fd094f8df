/* /debug/log: server-sent events. First what is known of the log, then each
 * line, those that are kept first; between them how many were overwritten
 * before this reader came to them, and a comment when nothing was written for
 * long. A slow reader has nothing queued for it: it reads from the log itself.
 *
 * An id is when the log began and the number of a line. */
#include "endpoint.h"
#include "formats.h"
#include "log_tail.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_inspect.h"
#include "json_fields.h"
#include "json_writer.h"
#include "opening.h"
#include "recorded.h"
#include <inttypes.h>

#define RETRY_MS 2000
#define LOOK_MS  200 /* between two looks at a log that is silent */
#define PING_NS  UINT64_C(15000000000)

typedef struct log_events_s {
  debug_log_tail_t tail;
  debug_recorded_t recorded; /* when it began */
  bool begun;
  uint64_t spoken_ns;
} log_events_t;

/* `data`, which is taken over, is one line. */
static int put_event(const log_events_t *events, const char *name,
                     uint64_t number, json_t *data, debug_buffer_t *buffer) {
  char id[DEBUG_LOG_ID_BYTES];
  json_writer_t writer = {.buffer = buffer};
  asyncscope__debug_log_id(&events->tail, number, id);
  int error =
      asyncscope__debug_appendf(buffer, "event: %s\nid: %s\ndata: ", name, id);
  if (error != 0) {
    json_decref(data);
    return error;
  }
  error = asyncscope__json_write(&writer, NULL, data);
  return error == 0 ? asyncscope__debug_append_text(buffer, "\n\n") : error;
}

static json_t *known(const log_events_t *events) {
  const debug_log_tail_t *tail = &events->tail;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_integer(&fields, "schemaVersion", DEBUG_SCHEMA_VERSION);
  asyncscope__json_put_text(&fields, "kind", "logBegin");
  asyncscope__json_put_unsigned(&fields, "capacity", tail->span.capacity);
  asyncscope__json_put_unsigned(&fields, "written", tail->span.next);
  asyncscope__debug_put_recorded(&fields, events->recorded);
  return asyncscope__json_end(&fields);
}

/* Without an id: there may be no line before the first that follows. */
static int begin(log_events_t *events, debug_buffer_t *buffer) {
  json_writer_t writer = {.buffer = buffer};
  int error = asyncscope__debug_appendf(
      buffer, "retry: %d\n\nevent: begin\ndata: ", RETRY_MS);
  if (error == 0)
    error = asyncscope__json_write(&writer, NULL, known(events));
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, "\n\n");
  if (error != 0)
    return error;
  events->begun = true;
  return 1;
}

static int tell_dropped(log_events_t *events, debug_buffer_t *buffer) {
  debug_log_tail_t *tail = &events->tail;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "dropped", tail->dropped);
  int error = put_event(events, "dropped", tail->next - 1,
                        asyncscope__json_end(&fields), buffer);
  if (error != 0)
    return error;
  tail->dropped = 0;
  return 1;
}

static int tell_line(log_events_t *events, debug_buffer_t *buffer) {
  debug_log_tail_t *tail = &events->tail;
  int error = put_event(events, "line", tail->line.number,
                        asyncscope__debug_log_object(&tail->line), buffer);
  if (error != 0)
    return error;
  asyncscope__debug_log_take(tail);
  return 1;
}

static int ping(log_events_t *events, debug_buffer_t *buffer) {
  if (async_inspect_now_ns() - events->spoken_ns < PING_NS)
    return UV_EAGAIN;
  int error = asyncscope__debug_append_text(buffer, ": ping\n\n");
  return error == 0 ? 1 : error;
}

static int speak(log_events_t *events, debug_buffer_t *buffer) {
  if (!events->begun)
    return begin(events, buffer);
  int status = asyncscope__debug_log_find(&events->tail);
  if (events->tail.dropped > 0)
    return tell_dropped(events, buffer);
  if (status < 0)
    return status;
  return status > 0 ? tell_line(events, buffer) : ping(events, buffer);
}

static int events_step(void *state, debug_buffer_t *buffer) {
  log_events_t *events = state;
  int status = speak(events, buffer);
  if (status > 0)
    events->spoken_ns = async_inspect_now_ns();
  return status;
}

static uint64_t events_wait_ms(const void *state) {
  const log_events_t *events = state;
  debug_log_span_t span = asyncscope__debug_log_ring_span(events->tail.ring);
  return events->tail.next < span.next ? 1 : LOOK_MS;
}

static int begin_events(void *state, debug_call_t *call) {
  log_events_t *events = state;
  asyncscope__debug_log_begin(&events->tail, call->debug, call->query);
  asyncscope__debug_log_resume(&events->tail, call->last_event_id);
  events->spoken_ns = async_inspect_now_ns();
  return asyncscope__debug_recorded_now(call->debug, &events->recorded);
}

static int events_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(log_events_t), begin_events,
                                      async_free, ret_state);
}

const debug_format_t asyncscope__debug_log_events = {
    "sse",       "text/event-stream", events_open,
    events_step, async_free,          events_wait_ms};
