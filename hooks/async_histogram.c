#include "histogram.h"

#define LAST ASYNCSCOPE__HISTOGRAM_LAST
#define get  asyncscope__histogram_get

static uint64_t upper_end(size_t bucket) {
  if (bucket < 8)
    return bucket;
  if (bucket >= LAST)
    return UINT64_MAX;
  size_t power = bucket / 8 + 2;
  return ((uint64_t)(8 + bucket % 8 + 1) << (power - 3)) - 1;
}

void async_histogram_record(async_histogram_t *histogram, uint64_t value) {
  asyncscope__histogram_record(histogram, value);
}

void async_histogram_record_shared(async_histogram_t *histogram,
                                   uint64_t value) {
  uint64_t max = get(&histogram->max);
  __atomic_fetch_add(&histogram->counts[asyncscope__histogram_bucket(value)], 1,
                     __ATOMIC_RELAXED);
  __atomic_fetch_add(&histogram->sum, value, __ATOMIC_RELAXED);
  while (max < value &&
         !__atomic_compare_exchange_n(&histogram->max, &max, value, 1,
                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    ;
}

void async_histogram_add(async_histogram_t *sum,
                         const async_histogram_t *histogram) {
  uint64_t max = get(&histogram->max);
  for (size_t i = 0; i < ASYNC_HISTOGRAM_BUCKETS; i++)
    sum->counts[i] += get(&histogram->counts[i]);
  sum->sum += get(&histogram->sum);
  if (sum->max < max)
    sum->max = max;
}

uint64_t async_histogram_count(const async_histogram_t *histogram) {
  uint64_t count = 0;
  for (size_t i = 0; i < ASYNC_HISTOGRAM_BUCKETS; i++)
    count += get(&histogram->counts[i]);
  return count;
}

uint64_t async_histogram_max(const async_histogram_t *histogram) {
  return get(&histogram->max);
}

uint64_t async_histogram_sum(const async_histogram_t *histogram) {
  return get(&histogram->sum);
}

/* How many of `count` values `percent` of them are, rounded up: one at least,
 * so that 0 % is the smallest. */
static uint64_t wanted_of(uint64_t count, double percent) {
  double exact = (double)count * percent / 100;
  uint64_t wanted = (uint64_t)exact;
  wanted += (double)wanted < exact || wanted == 0;
  return wanted < count ? wanted : count;
}

uint64_t async_histogram_percentile(const async_histogram_t *histogram,
                                    double percent) {
  uint64_t max = get(&histogram->max);
  uint64_t wanted = wanted_of(async_histogram_count(histogram), percent);
  uint64_t seen = 0;
  size_t bucket = 0;
  while (bucket < LAST && (seen += get(&histogram->counts[bucket])) < wanted)
    bucket++;
  uint64_t upper = upper_end(bucket);
  return upper > max ? max : upper;
}

uint64_t async_histogram_bucket(const async_histogram_t *histogram,
                                size_t bucket, uint64_t *ret_upper) {
  if (ret_upper != NULL)
    *ret_upper = upper_end(bucket);
  return bucket > LAST ? 0 : get(&histogram->counts[bucket]);
}
