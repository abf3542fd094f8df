/* What all threads and pools have counted, at one moment. */
#ifndef ASYNCSCOPE_DEBUG_HISTORY_READING_H
#define ASYNCSCOPE_DEBUG_HISTORY_READING_H

#include "debug.h"
#include "history_ring.h"

#include "asyncscope/async_histogram.h"
#include "asyncscope/async_inspect.h"

/* Loops beyond are not asked how busy they are, types beyond are others. */
#define DEBUG_HISTORY_LOOPS 64
#define DEBUG_HISTORY_KNOWN 64

/* How long a loop has waited, since it was bound. */
typedef struct debug_loop_idle_s {
  uint32_t thread;
  uint64_t idle_ns;
} debug_loop_idle_t;

/* What is so now; added up, what was so at several moments. */
typedef struct debug_gauges_s {
  uint64_t live, others;
  uint64_t pool_active, pool_queued;
  uint64_t turn_ns; /* how long the slowest turn under way takes already */
  size_t type_count;
  debug_type_live_t types[DEBUG_HISTORY_KNOWN];
} debug_gauges_t;

typedef struct debug_reading_s {
  uint64_t at_ns; /* 0: none was taken */
  uint64_t finished, failed;
  async_histogram_t turns; /* of all loops, nanoseconds */
  size_t loop_count;
  debug_loop_idle_t loops[DEBUG_HISTORY_LOOPS];
  debug_gauges_t now;
} debug_reading_t;

void asyncscope__debug_reading_take(debug_reading_t *reading,
                                    const asyncscope_debug_t *debug,
                                    uint64_t now_ns);

/* Of `turn_ns` the greater is kept. */
void asyncscope__debug_gauges_add(debug_gauges_t *sum,
                                  const debug_gauges_t *gauges);

#endif
