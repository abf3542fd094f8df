/* Histograms of nanoseconds in a JSON document, in microseconds. */
#ifndef ASYNCSCOPE_DEBUG_JSON_TIMES_H
#define ASYNCSCOPE_DEBUG_JSON_TIMES_H

#include "asyncscope/async_histogram.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define DEBUG_BUCKETS_MAX 24

/* Percentiles, the greatest and how many; with `buckets` how many of each
 * magnitude, too. A new reference, or NULL for want of memory. */
json_t *asyncscope__json_times(const async_histogram_t *times, bool buckets);

/* How many lie below each of the bounds, which ascend, and not below the one
 * before; then those that lie below none. At most DEBUG_BUCKETS_MAX - 1 bounds.
 * The same. */
json_t *asyncscope__json_buckets(const async_histogram_t *times,
                                 const uint64_t *bounds_us, size_t count);

#endif
