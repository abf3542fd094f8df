/* Worker pools. */
#include "debug.h"
#include "metrics.h"

#include <string.h>

static const asyncscope_debug_pool_t *pool_at(const metrics_t *metrics,
                                              size_t item) {
  const asyncscope_debug_t *debug = metrics->grouping.capture.debug;
  return item < debug->options.pool_count ? &debug->pools[item] : NULL;
}

static bool has_earlier_name(const asyncscope_debug_pool_t *pools,
                             size_t item) {
  size_t at = 0;
  while (at < item && strcmp(pools[at].name, pools[item].name) != 0)
    at++;
  return at < item;
}

/* Nothing keeps a program from giving two of them one name. */
static metrics_labels_t pool_label(const metrics_t *metrics, size_t item) {
  const asyncscope_debug_pool_t *pools = metrics->grouping.capture.debug->pools;
  metrics_labels_t labels = {.used_bytes = 0};
  asyncscope__metrics_label(&labels, "pool", pools[item].name);
  if (has_earlier_name(pools, item))
    asyncscope__metrics_number(&labels, "index", item);
  return labels;
}

enum {
  THREADS,
  ACTIVE,
  QUEUED,
  QUEUED_PEAK,
  SUBMITTED,
  COMPLETED,
  REJECTED,
  CANCELLED,
  TIMED_OUT,
  ABORTED
};

static uint64_t number_of(const worker_pool_t *pool, size_t which) {
  worker_pool_info_t info;
  worker_pool_info(pool, &info);
  const uint64_t numbers[] = {
      [THREADS] = info.threads,     [ACTIVE] = info.active,
      [QUEUED] = info.queued,       [QUEUED_PEAK] = info.queued_peak,
      [SUBMITTED] = info.submitted, [COMPLETED] = info.completed,
      [REJECTED] = info.rejected,   [CANCELLED] = info.cancelled,
      [TIMED_OUT] = info.timed_out, [ABORTED] = info.aborted,
  };
  return numbers[which];
}

static int write_number(const metrics_t *metrics, size_t item,
                        const metrics_row_t *row, debug_buffer_t *buffer) {
  const asyncscope_debug_pool_t *pool = pool_at(metrics, item);
  if (pool == NULL)
    return 0;
  metrics_labels_t labels = pool_label(metrics, item);
  int error = asyncscope__metrics_sample(
      buffer, &row->family, &labels, (double)number_of(pool->pool, row->at));
  return error != 0 ? error : 1;
}

enum { WAITED, WORKED, DELAYED };

/* Of all types of tasks together. */
static int write_times(const metrics_t *metrics, size_t item,
                       const metrics_row_t *row, debug_buffer_t *buffer) {
  const asyncscope_debug_pool_t *pool = pool_at(metrics, item);
  worker_histograms_t sum = {.waited = {.max = 0}};
  const char *type;
  if (pool == NULL)
    return 0;
  for (size_t i = 0; worker_pool_histograms(pool->pool, i, &type, &sum) == 0;)
    i++;
  const async_histogram_t *histograms[] = {
      [WAITED] = &sum.waited, [WORKED] = &sum.worked, [DELAYED] = &sum.delayed};
  metrics_labels_t labels = pool_label(metrics, item);
  int error = asyncscope__metrics_histogram(buffer, &row->family, &labels,
                                            histograms[row->at]);
  return error != 0 ? error : 1;
}

#define GAUGE(name, text) \
  { "asyncscope_pool_" name, METRICS_GAUGE, text }
#define COUNTER(name, text) \
  { "asyncscope_pool_" name, METRICS_COUNTER, text }
#define TIMES(name, text) \
  { "asyncscope_pool_" name, METRICS_HISTOGRAM, text }

const metrics_row_t asyncscope__metrics_of_pools[] = {
    {GAUGE("threads", "Threads of the pool."), write_number, THREADS},
    {GAUGE("active", "Tasks that run."), write_number, ACTIVE},
    {GAUGE("queued", "Tasks that wait."), write_number, QUEUED},
    {GAUGE("queued_peak", "The most that ever waited."), write_number,
     QUEUED_PEAK},
    {COUNTER("submitted", "Tasks taken."), write_number, SUBMITTED},
    {COUNTER("completed", "Tasks done."), write_number, COMPLETED},
    {COUNTER("rejected", "Tasks refused, as the queue was full."), write_number,
     REJECTED},
    {COUNTER("cancelled", "Tasks cancelled."), write_number, CANCELLED},
    {COUNTER("timed_out", "Tasks whose deadline passed in the queue."),
     write_number, TIMED_OUT},
    {COUNTER("aborted", "Tasks that ended their thread."), write_number,
     ABORTED},
    {TIMES("queue_seconds", "From submit to start."), write_times, WAITED},
    {TIMES("run_seconds", "On a worker."), write_times, WORKED},
    {TIMES("delay_seconds", "From the end of the work to its callback."),
     write_times, DELAYED},
    {{NULL, METRICS_GAUGE, NULL}, NULL, 0},
};
