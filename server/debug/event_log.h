/* What the recorders hold of some last time, copied: events are overwritten
 * while an answer is on its way. So an answer that is made from a log takes
 * memory for all that it shows: up to 16 MiB for DEBUG_EVENTS_MAX events, and
 * as much at worst for what began among them. Only a few may be at once. */
#ifndef ASYNCSCOPE_DEBUG_EVENT_LOG_H
#define ASYNCSCOPE_DEBUG_EVENT_LOG_H

#include "capture.h"
#include "endpoint.h"

#include "asyncscope/async_recorder.h"

/* Of all threads together; each has the same share, and of those that hold
 * more the oldest are left out. */
#define DEBUG_EVENTS_MAX 262144

/* At once, of all who read; one more is refused with a 503. */
#define DEBUG_EVENT_LOGS_MAX 4

/* A resource whose beginning is in the log. */
typedef struct debug_born_s {
  async_id_t async_id;
  async_ref_t trigger;
  size_t first_run; /* the event; DEBUG_NO_EVENT: none is in the log */
  bool in_scope;    /* made in a scope, not at top level */
  bool causes;      /* its first run, or one on another thread, is in the log */
} debug_born_t;

#define DEBUG_NO_EVENT SIZE_MAX

typedef struct debug_thread_log_s {
  const debug_thread_t *thread;
  async_event_t *events; /* in the order of the recorder */
  size_t event_count;
  debug_born_t *born; /* by id */
  size_t born_count;
  uint64_t left_out; /* within the time, but overwritten or over the share */
  uint64_t covers_from_ns; /* 0: nothing was recorded before */
} debug_thread_log_t;

typedef struct debug_event_log_s {
  asyncscope_debug_t *debug; /* among whose logs it is counted */
  uint64_t from_ns;          /* what ended before is left out */
  debug_thread_log_t *threads;
  size_t thread_count;
} debug_event_log_t;

/* `internal`: asyncscope's own too. `capture`, of `call`, outlives the log.
 * Errors: UV_ENOMEM, or of asyncscope__debug_refuse(); then there is nothing to
 * finish. */
int asyncscope__debug_event_log_init(debug_event_log_t *log,
                                     const debug_call_t *call,
                                     const debug_capture_t *capture,
                                     uint64_t from_ns, bool internal);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_event_log_finish(debug_event_log_t *log);

/* NULL where its beginning is not in the log. */
debug_born_t *asyncscope__debug_find_born(const debug_event_log_t *log,
                                          async_ref_t ref);

/* When it was over. */
uint64_t asyncscope__debug_event_end_ns(const async_event_t *event);

#endif
