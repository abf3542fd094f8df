/* Times in a fixed number of counters: log-linear, eight buckets for each
 * power of two, so every bucket is at most an eighth of its value wide.
 *
 *   0 1 2 ... 7 | 8 9 ... 15 | 16 18 20 ... 30 | 32 36 ... 60 | ... 2^41 ns
 *
 * Any thread records and any thread reads, without a lock: each counter is
 * right, and a reading is of about one moment. Zeroed memory is an empty one.
 */
#ifndef ASYNCSCOPE_WORKER_HISTOGRAM_H
#define ASYNCSCOPE_WORKER_HISTOGRAM_H

#include "asyncscope/worker_pool.h"
#include <stdatomic.h>

#define ASYNCSCOPE__HISTOGRAM_POWERS  41 /* 2^41 ns are 36 minutes */
#define ASYNCSCOPE__HISTOGRAM_BUCKETS (8 * (ASYNCSCOPE__HISTOGRAM_POWERS - 2))

typedef struct asyncscope__histogram_s {
  _Atomic uint64_t max_ns;
  _Atomic uint64_t counts[ASYNCSCOPE__HISTOGRAM_BUCKETS];
} asyncscope__histogram_t;

/* Longer times are counted in the last bucket. */
void asyncscope__histogram_record(asyncscope__histogram_t *histogram,
                                  uint64_t time_ns);

/* A copy, to which several can be added. */
typedef struct asyncscope__histogram_sum_s {
  uint64_t max_ns;
  uint64_t counts[ASYNCSCOPE__HISTOGRAM_BUCKETS];
} asyncscope__histogram_sum_t;

void asyncscope__histogram_add(const asyncscope__histogram_t *histogram,
                               asyncscope__histogram_sum_t *sum);
void asyncscope__histogram_read(const asyncscope__histogram_sum_t *sum,
                                worker_time_t *ret_time);

#endif
