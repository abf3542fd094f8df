/* A point out of two readings and of what was so between them. */
#ifndef ASYNCSCOPE_DEBUG_HISTORY_POINT_H
#define ASYNCSCOPE_DEBUG_HISTORY_POINT_H

#include "history_reading.h"

/* `sums`: of `samples` moments in the span from `before` to `now`, one at
 * least. */
debug_point_t asyncscope__debug_point(const debug_reading_t *before,
                                      const debug_reading_t *now,
                                      const debug_gauges_t *sums,
                                      uint64_t samples);

#endif
