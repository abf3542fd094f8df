/* Each scale has the reading that its next point begins at, and the sum of what
 * was so since. `sampling` hands all but the rings from one sampler to the
 * next. */
#include "history.h"

#include "history_point.h"

#include "asyncscope/async_allocator.h"

#define SECOND_NS   UINT64_C(1000000000)
#define TOO_SOON_NS (SECOND_NS / 2) /* a timer is late or early by less */

static const uint64_t span_ns[DEBUG_HISTORY_SCALES] = {SECOND_NS,
                                                       60 * SECOND_NS};

typedef struct scale_s {
  debug_reading_t before;
  debug_gauges_t sums;
  uint64_t samples; /* in `sums` */
  debug_history_ring_t ring;
} scale_t;

struct debug_history_s {
  _Atomic bool sampling;
  debug_reading_t now;
  scale_t scales[DEBUG_HISTORY_SCALES];
};

debug_history_t *asyncscope__debug_history_create(void) {
  return async_calloc(1, sizeof(debug_history_t));
}

void asyncscope__debug_history_destroy(debug_history_t *history) {
  async_free(history);
}

static void begin_point(scale_t *scale, const debug_reading_t *now) {
  scale->before = *now;
  scale->sums = (debug_gauges_t){.live = 0};
  scale->samples = 0;
}

static void add(scale_t *scale, const debug_reading_t *now,
                uint64_t wanted_ns) {
  asyncscope__debug_gauges_add(&scale->sums, &now->now);
  scale->samples++;
  if (now->at_ns - scale->before.at_ns + TOO_SOON_NS < wanted_ns)
    return;
  debug_point_t point = asyncscope__debug_point(&scale->before, now,
                                                &scale->sums, scale->samples);
  asyncscope__debug_history_add(&scale->ring, &point);
  begin_point(scale, now);
}

static void sample(debug_history_t *history, const asyncscope_debug_t *debug,
                   uint64_t now_ns) {
  uint64_t before_ns = history->now.at_ns;
  if (before_ns != 0 && now_ns < before_ns + TOO_SOON_NS)
    return;
  asyncscope__debug_reading_take(&history->now, debug, now_ns);
  for (unsigned i = 0; i < DEBUG_HISTORY_SCALES; i++)
    if (before_ns == 0)
      begin_point(&history->scales[i], &history->now);
    else
      add(&history->scales[i], &history->now, span_ns[i]);
}

void asyncscope__debug_history_sample(const asyncscope_debug_t *debug,
                                      uint64_t now_ns) {
  debug_history_t *history = debug->history;
  if (atomic_exchange(&history->sampling, true))
    return;
  sample(history, debug, now_ns);
  atomic_store(&history->sampling, false);
}

const debug_history_ring_t *asyncscope__debug_history_ring(
    const debug_history_t *history, unsigned scale) {
  return &history->scales[scale].ring;
}
