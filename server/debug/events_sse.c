/* /debug/events: server-sent events. First a snapshot, the document of /debug;
 * then, once a second, what has become of resources, and with include=pulse how
 * the process is doing; a comment when nothing has for long. Whoever reads too
 * slowly to be told all, or comes when more happens than a delta holds, gets
 * another snapshot: nothing is ever queued. Where that goes on, snapshots take
 * no more than a small share of the time, and a comment each second says when
 * the next one comes. Who asks by what events do not tell, a state for example,
 * is told what another look at the list shows (look_json.h).
 *
 * An id is when the process began, and how far each recorder has been read. A
 * reader that comes back with one gets what has happened since, where the
 * recorders reach back so far; where looks tell, a snapshot. */
#include "changes.h"
#include "debug.h"
#include "delta_json.h"
#include "endpoint.h"
#include "formats.h"
#include "look_json.h"
#include "opening.h"
#include "parameter.h"
#include "pulse_json.h"
#include "sse_data.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RETRY_MS    2000
#define INTERVAL_NS UINT64_C(1000000000)
#define PING_NS     (15 * INTERVAL_NS)
#define LATE_NS     (2 * INTERVAL_NS) /* since the last reading: it was kept */
/* A snapshot that took so long to make is the last one for so many times that,
 * but not for longer than PAUSE_NS. */
#define SNAPSHOT_PAUSE    300
#define SNAPSHOT_PAUSE_NS (60 * INTERVAL_NS)

typedef enum events_phase_e {
  EVENTS_BEGIN,
  EVENTS_SNAPSHOT,
  EVENTS_PULSE,
  EVENTS_CHANGES,
  EVENTS_DELTA,
  EVENTS_LOOK,
  EVENTS_LOOK_DELTA,
  EVENTS_WAIT
} events_phase_t;

typedef struct events_s {
  debug_call_t call; /* for every snapshot */
  asyncscope_debug_answer_t answer;
  debug_fault_t fault;
  events_phase_t phase;
  debug_changes_t changes;
  debug_capture_t capture; /* of the delta */
  delta_json_t delta;
  bool looks; /* events do not tell what the query asks for */
  look_json_t look;
  pulse_json_t pulse;
  uint64_t delta_count;
  bool resumed;   /* what was lost before is the reader's, who was away */
  void *snapshot; /* the state of the document of /debug */
  debug_sse_data_t data;
  uint64_t next_ns, spoken_ns;
  uint64_t read_ns;     /* the recorders, as far as `changes` says */
  bool stale;           /* what happened was not told, and is known no more */
  uint64_t spent_ns;    /* on making the last snapshot */
  uint64_t snapshot_ns; /* not before: the next one */
} events_t;

static void pause_snapshots(events_t *events) {
  uint64_t pause_ns = events->spent_ns * SNAPSHOT_PAUSE;
  events->snapshot_ns =
      async_inspect_now_ns() +
      (pause_ns < SNAPSHOT_PAUSE_NS ? pause_ns : SNAPSHOT_PAUSE_NS);
}

static void wait_for_next(events_t *events) {
  if (events->phase == EVENTS_SNAPSHOT)
    pause_snapshots(events);
  events->spoken_ns = async_inspect_now_ns();
  events->next_ns = events->spoken_ns + INTERVAL_NS;
  events->phase = EVENTS_WAIT;
}

static void go_on_from_pulse(events_t *events) {
  events->spoken_ns = async_inspect_now_ns();
  events->phase = EVENTS_CHANGES;
}

static int write_document(events_t *events, debug_buffer_t *buffer,
                          int (*step)(void *state, debug_buffer_t *buffer),
                          void *state) {
  int status = asyncscope__debug_sse_data(&events->data, step, state, buffer);
  if (status != 0)
    return status;
  if (events->phase == EVENTS_PULSE)
    go_on_from_pulse(events);
  else
    wait_for_next(events);
  return 1;
}

static int write_snapshot(events_t *events, debug_buffer_t *buffer) {
  uint64_t begun_ns = async_inspect_now_ns();
  int error = write_document(
      events, buffer, asyncscope__debug_overview_json.step, events->snapshot);
  events->spent_ns += async_inspect_now_ns() - begun_ns;
  return error;
}

static int append_head(const events_t *events, debug_buffer_t *buffer,
                       const char *name) {
  char place[DEBUG_PLACE_BYTES];
  asyncscope__debug_changes_place(&events->changes, place);
  return asyncscope__debug_appendf(buffer, "event: %s\nid: %" PRIu64 ":%s\n",
                                   name, events->capture.started_ns, place);
}

static void close_snapshot(events_t *events) {
  if (events->snapshot != NULL)
    asyncscope__debug_overview_json.close(events->snapshot);
  events->snapshot = NULL;
}

static int take_capture(events_t *events) {
  asyncscope__debug_capture_finish(&events->capture);
  return asyncscope__debug_open_capture(&events->capture, &events->call);
}

/* Changes are followed from before the snapshot, so that none is missed; one
 * that it already shows is told again. Looks begin with what it shows. */
static int begin_snapshot(events_t *events, debug_buffer_t *buffer) {
  size_t mark = buffer->used_bytes;
  int error = 0;
  close_snapshot(events);
  asyncscope__look_json_finish(&events->look);
  if (events->phase == EVENTS_BEGIN)
    error = asyncscope__debug_appendf(buffer, "retry: %d\n\n", RETRY_MS);
  if (error == 0 && !events->looks)
    error = asyncscope__debug_changes_begin(&events->changes, &events->capture);
  events->read_ns = async_inspect_now_ns();
  if (error == 0)
    error = append_head(events, buffer, "snapshot");
  if (error == 0)
    error =
        asyncscope__debug_overview_json.open(&events->call, &events->snapshot);
  if (error != 0) {
    buffer->used_bytes = mark;
    return error;
  }
  events->phase = EVENTS_SNAPSHOT;
  events->stale = false;
  events->spent_ns = 0;
  return 1;
}

static int begin_delta(events_t *events, debug_buffer_t *buffer) {
  int error = append_head(events, buffer, "delta");
  if (error != 0)
    return error;
  asyncscope__delta_json_begin(&events->delta, &events->capture,
                               &events->changes, events->call.query,
                               ++events->delta_count);
  events->phase = EVENTS_DELTA;
  return 1;
}

static int begin_pulse(events_t *events, debug_buffer_t *buffer) {
  asyncscope__pulse_json_finish(&events->pulse);
  int error = asyncscope__pulse_json_begin(
      &events->pulse, &events->capture, events->call.query,
      events->changes.dropped, events->stale);
  if (error == 0)
    error = append_head(events, buffer, "pulse");
  if (error == 0)
    events->phase = EVENTS_PULSE;
  return error == 0 ? 1 : error;
}

/* Rounded up to seconds: there is a look at the clock once a second. */
static int announce_snapshot(events_t *events, uint64_t now_ns,
                             debug_buffer_t *buffer) {
  uint64_t left_ns = events->snapshot_ns - now_ns;
  int error = asyncscope__debug_appendf(
      buffer,
      ": too much happens for a delta, a snapshot follows in %" PRIu64 " s\n\n",
      (left_ns + INTERVAL_NS - 1) / INTERVAL_NS);
  if (error != 0)
    return error;
  wait_for_next(events);
  return 1;
}

/* Nothing that was worth a word. */
static int stay_silent(events_t *events, debug_buffer_t *buffer) {
  events->phase = EVENTS_WAIT;
  events->next_ns = async_inspect_now_ns() + INTERVAL_NS;
  if (events->next_ns - events->spoken_ns < PING_NS)
    return UV_EAGAIN;
  events->spoken_ns = async_inspect_now_ns();
  int error = asyncscope__debug_append_text(buffer, ": ping\n\n");
  return error == 0 ? 1 : error;
}

static int begin_look(events_t *events, debug_buffer_t *buffer) {
  if (!asyncscope__look_json_is_due(&events->look))
    return stay_silent(events, buffer);
  int error = asyncscope__look_json_open(&events->look, &events->call);
  if (error == 0)
    events->phase = EVENTS_LOOK;
  return error == 0 ? 1 : error;
}

static int look(events_t *events, debug_buffer_t *buffer) {
  int error = asyncscope__look_json_take(&events->look);
  if (error != 0)
    return error;
  if (events->look.news == 0)
    return stay_silent(events, buffer);
  error = append_head(events, buffer, "delta");
  if (error != 0)
    return error;
  asyncscope__look_json_begin(&events->look, ++events->delta_count);
  events->phase = EVENTS_LOOK_DELTA;
  return 1;
}

static int tell_changes(events_t *events, debug_buffer_t *buffer) {
  if (events->looks)
    return begin_look(events, buffer);
  uint64_t now_ns = async_inspect_now_ns();
  if (events->stale && now_ns < events->snapshot_ns)
    return announce_snapshot(events, now_ns, buffer);
  if (events->stale)
    return begin_snapshot(events, buffer);
  return events->changes.count > 0 ? begin_delta(events, buffer)
                                   : stay_silent(events, buffer);
}

/* What is overwritten in time that the stream lets pass itself is more than it
 * tells, as a snapshot does. Of who was kept from reading that is a loss. */
static void note_dropped(events_t *events, uint64_t count) {
  uint64_t now_ns = async_inspect_now_ns();
  if (!events->resumed && now_ns - events->read_ns > LATE_NS)
    asyncscope__debug_note_dropped(events->call.debug, count);
  events->resumed = false;
  events->read_ns = now_ns;
}

static int read_recorders(events_t *events) {
  debug_filter_t filter =
      asyncscope__debug_filter(&events->capture, events->call.query);
  return asyncscope__debug_changes_read(&events->changes, &filter);
}

/* While changes are missed there is nothing to be told of them. */
static int read_changes(events_t *events) {
  uint64_t dropped = events->changes.dropped;
  int error = take_capture(events);
  if (error != 0 || events->looks)
    return error;
  if (!events->stale)
    error = read_recorders(events);
  note_dropped(events, events->changes.dropped - dropped);
  events->stale = events->stale || (error == 0 && events->changes.lost);
  return error;
}

/* There may be room for no more than a part of what is said here: then nothing
 * has been read yet. */
static int speak(events_t *events, debug_buffer_t *buffer) {
  if (buffer->used_bytes > 0)
    return UV_ENOBUFS;
  int error = read_changes(events);
  if (error != 0)
    return error;
  if ((events->call.query->include & DEBUG_INCLUDE_PULSE) != 0)
    return begin_pulse(events, buffer);
  return tell_changes(events, buffer);
}

static int events_step(void *state, debug_buffer_t *buffer) {
  events_t *events = state;
  switch (events->phase) {
  case EVENTS_BEGIN:
    return begin_snapshot(events, buffer);
  case EVENTS_SNAPSHOT:
    return write_snapshot(events, buffer);
  case EVENTS_PULSE:
    return write_document(events, buffer, asyncscope__debug_document_step,
                          &events->pulse);
  case EVENTS_CHANGES:
    return tell_changes(events, buffer);
  case EVENTS_DELTA:
    return write_document(events, buffer, asyncscope__debug_document_step,
                          &events->delta);
  case EVENTS_LOOK:
    return look(events, buffer);
  case EVENTS_LOOK_DELTA:
    return write_document(events, buffer, asyncscope__debug_document_step,
                          &events->look);
  default:
    return async_inspect_now_ns() < events->next_ns ? UV_EAGAIN
                                                    : speak(events, buffer);
  }
}

static uint64_t events_wait_ms(const void *state) {
  const events_t *events = state;
  uint64_t now_ns = async_inspect_now_ns();
  if (events->phase != EVENTS_WAIT || events->next_ns <= now_ns)
    return 0;
  return (events->next_ns - now_ns) / 1000000 + 1;
}

/* Where the id is one of this process. */
static bool resume(events_t *events, const char *last_event_id) {
  uint64_t started_ns;
  if (last_event_id == NULL ||
      !asyncscope__debug_cut_number(&last_event_id, UINT64_MAX, &started_ns) ||
      *last_event_id++ != ':' || started_ns != events->capture.started_ns)
    return false;
  return asyncscope__debug_changes_resume(&events->changes, &events->capture,
                                          last_event_id);
}

static void events_close(void *state) {
  events_t *events = state;
  close_snapshot(events);
  asyncscope__pulse_json_finish(&events->pulse);
  asyncscope__look_json_finish(&events->look);
  asyncscope__debug_changes_finish(&events->changes);
  asyncscope__debug_capture_finish(&events->capture);
  async_free(events);
}

static int init(events_t *events, debug_call_t *call) {
  events->call = *call;
  events->call.answer = &events->answer;
  events->call.fault = &events->fault;
  events->looks = !asyncscope__debug_events_tell(call->query);
  if (events->looks)
    events->call.told = &events->look.told;
  int error =
      events->looks ? 0 : asyncscope__debug_changes_init(&events->changes);
  if (error == 0)
    error = take_capture(events);
  if (error == 0 && !events->looks && resume(events, call->last_event_id)) {
    wait_for_next(events);
    events->next_ns = 0;
    events->resumed = true;
  }
  events->call.last_event_id = NULL;
  return error;
}

#define DIGITS_OF_(number) #number
#define DIGITS_OF(number)  DIGITS_OF_(number)
#define SEEN_MAX_DIGITS    DIGITS_OF(DEBUG_SEEN_MAX)

/* What is wrong with the query is found by the snapshot that is opened first.
 */
static int check(debug_call_t *call) {
  void *snapshot;
  int error = asyncscope__debug_overview_json.open(call, &snapshot);
  if (error != 0)
    return error;
  asyncscope__debug_overview_json.close(snapshot);
  return asyncscope__debug_events_tell(call->query) ||
                 call->query->limit <= DEBUG_SEEN_MAX
             ? 0
             : asyncscope__debug_refuse(
                   call, 400,
                   "limit= beyond " SEEN_MAX_DIGITS
                   " does not go with state=, trigger=, root=, older_than=, "
                   "ref= or since=");
}

static int events_open(debug_call_t *call, void **ret_state) {
  int error = check(call);
  if (error != 0)
    return error;
  events_t *events = async_calloc(1, sizeof(*events));
  error = events == NULL ? UV_ENOMEM : init(events, call);
  if (error != 0) {
    if (events != NULL)
      events_close(events);
    return error;
  }
  *ret_state = events;
  return 0;
}

const debug_format_t asyncscope__debug_events = {
    "sse",       "text/event-stream", events_open,
    events_step, events_close,        events_wait_ms};
