/* Lines of the two text formats for metrics: Prometheus 0.0.4 and OpenMetrics
 * 1.0.0. */
#ifndef ASYNCSCOPE_DEBUG_METRICS_TEXT_H
#define ASYNCSCOPE_DEBUG_METRICS_TEXT_H

#include "buffer.h"

#include "asyncscope/async_histogram.h"

typedef enum metrics_kind_e {
  METRICS_GAUGE,
  METRICS_COUNTER,
  METRICS_HISTOGRAM
} metrics_kind_t;

typedef struct metrics_family_s {
  const char *name; /* without _total, in base units */
  metrics_kind_t kind;
  const char *help;
} metrics_family_t;

#define METRICS_LABELS_BYTES 2048

/* Labels, comma-separated and without braces: escaped, as values may be of any
 * bytes. Zeroed is none. */
typedef struct metrics_labels_s {
  size_t used_bytes;
  char text[METRICS_LABELS_BYTES];
} metrics_labels_t;

/* `name` is static; of a long value DEBUG_TEXT_MAX_BYTES bytes are kept. Two
 * have room. */
void asyncscope__metrics_label(metrics_labels_t *labels, const char *name,
                               const char *value);

void asyncscope__metrics_number(metrics_labels_t *labels, const char *name,
                                uint64_t value);

/* All append to `buffer`; errors: UV_ENOBUFS. */
int asyncscope__metrics_head(debug_buffer_t *buffer, bool open_metrics,
                             const metrics_family_t *family);
int asyncscope__metrics_sample(debug_buffer_t *buffer,
                               const metrics_family_t *family,
                               const metrics_labels_t *labels, double value);

/* Nanoseconds, shown in seconds. */
int asyncscope__metrics_histogram(debug_buffer_t *buffer,
                                  const metrics_family_t *family,
                                  const metrics_labels_t *labels,
                                  const async_histogram_t *histogram);

#endif
