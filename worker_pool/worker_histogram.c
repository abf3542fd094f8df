#include "worker_histogram.h"

static size_t bucket_of(uint64_t time_ns) {
  if (time_ns < 8)
    return (size_t)time_ns;
  unsigned power = 63u - (unsigned)__builtin_clzll(time_ns);
  if (power >= ASYNCSCOPE__HISTOGRAM_POWERS)
    return ASYNCSCOPE__HISTOGRAM_BUCKETS - 1;
  return 8 * (power - 2) + (time_ns >> (power - 3) & 7);
}

/* The greatest time it counts. */
static uint64_t bucket_end(size_t bucket) {
  if (bucket < 8)
    return bucket;
  size_t power = bucket / 8 + 2;
  return ((uint64_t)(8 + bucket % 8 + 1) << (power - 3)) - 1;
}

void asyncscope__histogram_record(asyncscope__histogram_t *histogram,
                                  uint64_t time_ns) {
  atomic_fetch_add_explicit(&histogram->counts[bucket_of(time_ns)], 1,
                            memory_order_relaxed);
  uint64_t max_ns =
      atomic_load_explicit(&histogram->max_ns, memory_order_relaxed);
  while (max_ns < time_ns && !atomic_compare_exchange_weak_explicit(
                                 &histogram->max_ns, &max_ns, time_ns,
                                 memory_order_relaxed, memory_order_relaxed))
    ;
}

void asyncscope__histogram_add(const asyncscope__histogram_t *histogram,
                               asyncscope__histogram_sum_t *sum) {
  for (size_t i = 0; i < ASYNCSCOPE__HISTOGRAM_BUCKETS; i++)
    sum->counts[i] +=
        atomic_load_explicit(&histogram->counts[i], memory_order_relaxed);
  uint64_t max_ns =
      atomic_load_explicit(&histogram->max_ns, memory_order_relaxed);
  if (sum->max_ns < max_ns)
    sum->max_ns = max_ns;
}

/* The smallest bucket end that at least `percent` of all times do not exceed;
 * never above the greatest, which a bucket's end may be. */
static uint64_t percentile(const asyncscope__histogram_sum_t *sum,
                           uint64_t count, unsigned percent) {
  uint64_t seen = 0, wanted = (count * percent + 99) / 100;
  size_t bucket = 0;
  while (bucket < ASYNCSCOPE__HISTOGRAM_BUCKETS - 1 &&
         (seen += sum->counts[bucket]) < wanted)
    bucket++;
  uint64_t end_ns = bucket_end(bucket);
  bool last = bucket == ASYNCSCOPE__HISTOGRAM_BUCKETS - 1;
  return last || end_ns > sum->max_ns ? sum->max_ns : end_ns;
}

void asyncscope__histogram_read(const asyncscope__histogram_sum_t *sum,
                                worker_time_t *ret_time) {
  uint64_t count = 0;
  for (size_t i = 0; i < ASYNCSCOPE__HISTOGRAM_BUCKETS; i++)
    count += sum->counts[i];
  *ret_time = (worker_time_t){.count = count};
  if (count == 0)
    return;
  ret_time->p50_ns = percentile(sum, count, 50);
  ret_time->p90_ns = percentile(sum, count, 90);
  ret_time->p99_ns = percentile(sum, count, 99);
  ret_time->max_ns = sum->max_ns;
}
