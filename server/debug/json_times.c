#include "json_times.h"

#include "json_fields.h"

static const uint64_t bounds_us[] = {10,      25,      50,      100,     250,
                                     500,     1000,    2500,    5000,    10000,
                                     25000,   50000,   100000,  250000,  500000,
                                     1000000, 2500000, 5000000, 10000000};
#define BOUNDS (sizeof(bounds_us) / sizeof(bounds_us[0]))
_Static_assert(BOUNDS < DEBUG_BUCKETS_MAX, "buckets of their own are too many");

static void count_up(const async_histogram_t *times, const uint64_t *bounds,
                     size_t count, uint64_t ret_counts[DEBUG_BUCKETS_MAX]) {
  size_t at = 0;
  for (size_t i = 0; i <= count; i++)
    ret_counts[i] = 0;
  for (size_t i = 0; i < ASYNC_HISTOGRAM_BUCKETS; i++) {
    uint64_t upper_ns;
    uint64_t values = async_histogram_bucket(times, i, &upper_ns);
    while (at < count && upper_ns / 1000 >= bounds[at])
      at++;
    ret_counts[at] += values;
  }
}

json_t *asyncscope__json_buckets(const async_histogram_t *times,
                                 const uint64_t *bounds, size_t count) {
  uint64_t counts[DEBUG_BUCKETS_MAX];
  json_t *list = json_array();
  count_up(times, bounds, count, counts);
  for (size_t i = 0; i <= count; i++) {
    json_fields_t fields = asyncscope__json_begin();
    if (i < count)
      asyncscope__json_put_unsigned(&fields, "belowUs", bounds[i]);
    asyncscope__json_put_unsigned(&fields, "count", counts[i]);
    if (json_array_append_new(list, asyncscope__json_end(&fields)) != 0) {
      json_decref(list);
      return NULL;
    }
  }
  return list;
}

json_t *asyncscope__json_times(const async_histogram_t *times, bool buckets) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "p50",
                                async_histogram_percentile(times, 50) / 1000);
  asyncscope__json_put_unsigned(&fields, "p90",
                                async_histogram_percentile(times, 90) / 1000);
  asyncscope__json_put_unsigned(&fields, "p99",
                                async_histogram_percentile(times, 99) / 1000);
  asyncscope__json_put_unsigned(&fields, "max",
                                async_histogram_max(times) / 1000);
  asyncscope__json_put_unsigned(&fields, "count", async_histogram_count(times));
  if (buckets)
    asyncscope__json_put(&fields, "buckets",
                         asyncscope__json_buckets(times, bounds_us, BOUNDS));
  return asyncscope__json_end(&fields);
}
