/* Recording by the one thread that owns a histogram, inline: a scope is left
 * more often than anything else is done. The words are plain in the public
 * header, for C++, and are only touched through the compiler's atomics. */
#ifndef ASYNCSCOPE_HOOKS_HISTOGRAM_H
#define ASYNCSCOPE_HOOKS_HISTOGRAM_H

#include "asyncscope/async_histogram.h"
#include "hot.h"

#define ASYNCSCOPE__HISTOGRAM_LAST (ASYNC_HISTOGRAM_BUCKETS - 1)

static inline size_t asyncscope__histogram_bucket(uint64_t value) {
  if (ASYNCSCOPE__UNLIKELY(value < 8))
    return (size_t)value;
  unsigned power = 63u ^ (unsigned)__builtin_clzll(value);
  if (ASYNCSCOPE__UNLIKELY(power >= ASYNC_HISTOGRAM_POWERS))
    return ASYNCSCOPE__HISTOGRAM_LAST;
  return 8 * (power - 2) + (value >> (power - 3) & 7);
}

/* Who reads a count sees what its owner wrote before it. */
static inline uint64_t asyncscope__histogram_get(const uint64_t *word) {
  return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void asyncscope__histogram_set(uint64_t *word, uint64_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

ASYNCSCOPE__HOT void asyncscope__histogram_record(async_histogram_t *histogram,
                                                  uint64_t value) {
  uint64_t *count = &histogram->counts[asyncscope__histogram_bucket(value)];
  asyncscope__histogram_set(count, asyncscope__histogram_get(count) + 1);
  asyncscope__histogram_set(&histogram->sum,
                            asyncscope__histogram_get(&histogram->sum) + value);
  if (ASYNCSCOPE__UNLIKELY(value > asyncscope__histogram_get(&histogram->max)))
    asyncscope__histogram_set(&histogram->max, value);
}

#endif
