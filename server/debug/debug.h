/* The diagnostics of a process, as they were configured. */
#ifndef ASYNCSCOPE_DEBUG_DEBUG_H
#define ASYNCSCOPE_DEBUG_DEBUG_H

#include "log_ring.h"

#include <stdatomic.h>

#define DEBUG_NAME_BYTES 64

/* What was to be told and was lost. */
typedef struct debug_drops_s {
  _Atomic uint64_t count, first_ns, last_ns;
} debug_drops_t;

/* Nanoseconds; 0: not measured. */
typedef struct debug_cost_s {
  _Atomic uint64_t init_ns, scope_ns, destroy_ns;
} debug_cost_t;

/* Of history.h. */
typedef struct debug_history_s debug_history_t;

/* Of ended.h. */
typedef struct debug_ended_s debug_ended_t;

/* The strings of `options` lie behind it. */
struct asyncscope_debug_s {
  asyncscope_debug_options_t options;
  char tool_name[DEBUG_NAME_BYTES];
  char command[DEBUG_NAME_BYTES];
  asyncscope_debug_pool_t *pools;
  char (*pool_names)[DEBUG_NAME_BYTES];
  asyncscope_debug_exporter_t exporters[ASYNCSCOPE_DEBUG_EXPORTERS_MAX];
  debug_log_ring_t *log; /* NULL: no lines are kept */
  debug_history_t *history;
  debug_ended_t *ended;
  debug_drops_t drops;
  debug_cost_t cost;
  atomic_uint event_logs;         /* that there are (event_log.h) */
  _Atomic uint64_t read_until_ns; /* all readers' turns so far (pace.h) */
};

/* Something could not be told `count` times: a reader was too slow, a queue
 * full. It is warned of as dropped-events. Thread: any. */
void asyncscope__debug_note_dropped(asyncscope_debug_t *debug, uint64_t count);

#endif
