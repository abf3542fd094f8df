/* Values in a fixed number of counters: log-linear, eight buckets for each
 * power of two, so every bucket is at most an eighth of its value wide.
 *
 *   0 1 2 ... 7 | 8 9 ... 15 | 16 18 20 ... 30 | 32 36 ... 60 | ... 2^41 - 1
 *
 * Values are mostly nanoseconds; greater ones than 2^41 - 1 (36 minutes) are
 * counted in the last bucket. Zeroed memory is an empty histogram; there is
 * nothing to finish.
 *
 * Either one thread records (async_histogram_record()), or any number do
 * (async_histogram_record_shared()); the two do not mix on one histogram. Any
 * thread reads at any time, without a lock: each counter is right, and a
 * reading is of about one moment. To read several numbers of one moment, add
 * the histogram to a zeroed one of your own and read that.
 * Thread: any; inside hooks too. Nothing here can fail.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: yes.
 *   Errors: none; nothing here can fail.
 *   Memory: a histogram is the caller's.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNC_HISTOGRAM_H
#define ASYNCSCOPE_ASYNC_HISTOGRAM_H

#include "asyncscope/async_types.h"
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Powers of two that are told apart: the greatest value is 2^41 - 1. */
#define ASYNC_HISTOGRAM_POWERS 41
/* Eight for each power of two, and for the values below 8 together. */
#define ASYNC_HISTOGRAM_BUCKETS (8 * (ASYNC_HISTOGRAM_POWERS - 2))

/* How many values there were of which size, and their sum. Zeroed is an empty
 * one. */
typedef struct async_histogram_s {
  /* private: read and written atomically */
  uint64_t max;
  uint64_t sum;
  uint64_t counts[ASYNC_HISTOGRAM_BUCKETS];
} async_histogram_t;

/* Adds `value`. Thread: the one that alone records here. */
ASYNC_EXTERN void async_histogram_record(async_histogram_t *histogram,
                                         uint64_t value);

/* Adds `value`, whoever else does so now. */
ASYNC_EXTERN void async_histogram_record_shared(async_histogram_t *histogram,
                                                uint64_t value);

/* Adds all that `histogram` has counted to `sum`, the caller's alone. */
ASYNC_EXTERN void async_histogram_add(async_histogram_t *sum,
                                      const async_histogram_t *histogram);

/* How many values there are, the greatest, and their sum. */
ASYNC_EXTERN uint64_t async_histogram_count(const async_histogram_t *histogram);
ASYNC_EXTERN uint64_t async_histogram_max(const async_histogram_t *histogram);
ASYNC_EXTERN uint64_t async_histogram_sum(const async_histogram_t *histogram);

/* The upper end of the bucket below or in which lie at least `percent` (0 to
 * 100) of all values, never above the greatest: up to an eighth above the
 * truth. 0 when empty. */
ASYNC_EXTERN uint64_t
async_histogram_percentile(const async_histogram_t *histogram, double percent);

/* Bucket `bucket`, from 0 to ASYNC_HISTOGRAM_BUCKETS - 1: how many values it
 * has, and in `ret_upper` (may be NULL) the greatest value that belongs to it,
 * UINT64_MAX for the last. Buckets ascend and leave no gap between them. */
ASYNC_EXTERN uint64_t async_histogram_bucket(const async_histogram_t *histogram,
                                             size_t bucket,
                                             uint64_t *ret_upper);

#ifdef __cplusplus
}
#endif
#endif
