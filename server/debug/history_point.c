/* A thread that has ended takes what it has counted with it: no difference is
 * below zero. */
#include "history_point.h"

#include <string.h>

#define PPM 1000000

static uint64_t since(uint64_t now, uint64_t before) {
  return now > before ? now - before : 0;
}

static uint64_t mean(uint64_t sum, uint64_t samples) {
  return (sum + samples / 2) / samples;
}

static uint64_t turns_in(const debug_reading_t *before,
                         const debug_reading_t *now, size_t bucket,
                         uint64_t *ret_upper_ns) {
  return since(async_histogram_bucket(&now->turns, bucket, ret_upper_ns),
               async_histogram_bucket(&before->turns, bucket, NULL));
}

static uint64_t all_turns(const debug_reading_t *before,
                          const debug_reading_t *now) {
  uint64_t count = 0;
  for (size_t i = 0; i < ASYNC_HISTOGRAM_BUCKETS; i++)
    count += turns_in(before, now, i, NULL);
  return count;
}

/* The upper end of the bucket of the turn that is the `wanted`th by length. */
static uint64_t turn_at(const debug_reading_t *before,
                        const debug_reading_t *now, uint64_t wanted) {
  uint64_t seen = 0, upper_ns = 0;
  for (size_t i = 0; i < ASYNC_HISTOGRAM_BUCKETS && seen < wanted; i++)
    seen += turns_in(before, now, i, &upper_ns);
  uint64_t max_ns = async_histogram_max(&now->turns);
  return upper_ns < max_ns ? upper_ns : max_ns;
}

/* A turn that has not ended counts, where it is the slowest already. */
static void put_lag(debug_point_t *point, const debug_reading_t *before,
                    const debug_reading_t *now, uint64_t turn_ns) {
  uint64_t count = all_turns(before, now);
  uint64_t max_ns = turn_at(before, now, count);
  bool open = turn_ns > max_ns;
  uint64_t wanted = ((count + open) * 99 + 99) / 100;
  point->lag_max_ns = open ? turn_ns : max_ns;
  point->lag_p99_ns = wanted > count ? turn_ns : turn_at(before, now, wanted);
}

static const debug_loop_idle_t *find_loop(const debug_reading_t *reading,
                                          uint32_t thread) {
  for (size_t i = 0; i < reading->loop_count; i++)
    if (reading->loops[i].thread == thread)
      return &reading->loops[i];
  return NULL;
}

static uint64_t busy_ppm(const debug_reading_t *before,
                         const debug_reading_t *now, uint64_t span_ns) {
  uint64_t most = 0;
  for (size_t i = 0; i < now->loop_count && span_ns > 0; i++) {
    const debug_loop_idle_t *earlier = find_loop(before, now->loops[i].thread);
    if (earlier == NULL)
      continue;
    uint64_t busy_ns =
        since(span_ns, since(now->loops[i].idle_ns, earlier->idle_ns));
    uint64_t ppm = (uint64_t)((double)busy_ns / (double)span_ns * PPM);
    most = most < ppm ? ppm : most;
  }
  return most;
}

/* Into the place where it stands by how many they are; what falls out at the
 * end is among the others. */
static void put_type(debug_point_t *point, debug_type_live_t type) {
  for (size_t i = 0; i < DEBUG_HISTORY_TYPES && type.live > 0; i++)
    if (point->types[i].live < type.live) {
      debug_type_live_t less = point->types[i];
      point->types[i] = type;
      type = less;
    }
  point->others += type.live;
}

debug_point_t asyncscope__debug_point(const debug_reading_t *before,
                                      const debug_reading_t *now,
                                      const debug_gauges_t *sums,
                                      uint64_t samples) {
  debug_point_t point;
  memset(&point, 0, sizeof(point));
  point.at_ns = now->at_ns;
  point.span_ns = since(now->at_ns, before->at_ns);
  point.finished = since(now->finished, before->finished);
  point.failed = since(now->failed, before->failed);
  point.busy_ppm = busy_ppm(before, now, point.span_ns);
  point.pool_active = mean(sums->pool_active, samples);
  point.pool_queued = mean(sums->pool_queued, samples);
  point.others = mean(sums->others, samples);
  point.live = point.others;
  for (size_t i = 0; i < sums->type_count; i++) {
    debug_type_live_t type = {sums->types[i].type,
                              mean(sums->types[i].live, samples)};
    point.live += type.live;
    put_type(&point, type);
  }
  put_lag(&point, before, now, sums->turn_ns);
  return point;
}
