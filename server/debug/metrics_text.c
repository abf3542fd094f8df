#include "metrics_text.h"

#include "text.h"
#include <inttypes.h>
#include <string.h>

/* Where a bucket of ours reaches over an end it is counted from the next one
 * on: an end is right to an eighth. */
static const double ends_s[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                1,      2.5,     5,      10,    60};
enum { ENDS = sizeof(ends_s) / sizeof(ends_s[0]) };

static const char *kind_name(metrics_kind_t kind) {
  return kind == METRICS_GAUGE     ? "gauge"
         : kind == METRICS_COUNTER ? "counter"
                                   : "histogram";
}

static void append(metrics_labels_t *labels, const char *text) {
  size_t room = sizeof(labels->text) - labels->used_bytes;
  size_t length = strlen(text);
  if (length < room) {
    memcpy(labels->text + labels->used_bytes, text, length + 1);
    labels->used_bytes += length;
  }
}

static void append_escaped(metrics_labels_t *labels, char byte) {
  char text[] = {byte, '\0'};
  if (byte == '\n')
    append(labels, "\\n");
  else if (byte == '"')
    append(labels, "\\\"");
  else if (byte == '\\')
    append(labels, "\\\\");
  else
    append(labels, text);
}

/* A format's text is UTF-8. */
void asyncscope__metrics_label(metrics_labels_t *labels, const char *name,
                               const char *value) {
  char text[DEBUG_UTF8_BYTES];
  asyncscope__debug_utf8(value, text);
  if (labels->used_bytes > 0)
    append(labels, ",");
  append(labels, name);
  append(labels, "=\"");
  for (size_t i = 0; text[i] != '\0'; i++)
    append_escaped(labels, text[i]);
  append(labels, "\"");
}

void asyncscope__metrics_number(metrics_labels_t *labels, const char *name,
                                uint64_t value) {
  char text[24];
  snprintf(text, sizeof(text), "%" PRIu64, value);
  asyncscope__metrics_label(labels, name, text);
}

/* OpenMetrics names a family, the other format its samples. */
int asyncscope__metrics_head(debug_buffer_t *buffer, bool open_metrics,
                             const metrics_family_t *family) {
  bool total = family->kind == METRICS_COUNTER && !open_metrics;
  const char *suffix = total ? "_total" : "";
  return asyncscope__debug_appendf(
      buffer, "# HELP %s%s %s\n# TYPE %s%s %s\n", family->name, suffix,
      family->help, family->name, suffix, kind_name(family->kind));
}

static int append_sample(debug_buffer_t *buffer, const char *name,
                         const char *suffix, const metrics_labels_t *labels,
                         double value) {
  if (labels->used_bytes == 0)
    return asyncscope__debug_appendf(buffer, "%s%s %.15g\n", name, suffix,
                                     value);
  return asyncscope__debug_appendf(buffer, "%s%s{%s} %.15g\n", name, suffix,
                                   labels->text, value);
}

int asyncscope__metrics_sample(debug_buffer_t *buffer,
                               const metrics_family_t *family,
                               const metrics_labels_t *labels, double value) {
  return append_sample(buffer, family->name,
                       family->kind == METRICS_COUNTER ? "_total" : "", labels,
                       value);
}

static int append_bucket(debug_buffer_t *buffer, const char *name,
                         const metrics_labels_t *labels, const char *end,
                         uint64_t count) {
  return asyncscope__debug_appendf(
      buffer, "%s_bucket{%s%sle=\"%s\"} %" PRIu64 "\n", name, labels->text,
      labels->used_bytes > 0 ? "," : "", end, count);
}

/* How many there are up to each end. */
static void add_up(const async_histogram_t *histogram,
                   uint64_t ret_counts[ENDS]) {
  size_t bucket = 0;
  uint64_t seen = 0, upper = 0;
  for (size_t i = 0; i < ENDS; i++) {
    while (bucket < ASYNC_HISTOGRAM_BUCKETS) {
      uint64_t count = async_histogram_bucket(histogram, bucket, &upper);
      if ((double)upper > ends_s[i] * 1e9)
        break;
      seen += count;
      bucket++;
    }
    ret_counts[i] = seen;
  }
}

int asyncscope__metrics_histogram(debug_buffer_t *buffer,
                                  const metrics_family_t *family,
                                  const metrics_labels_t *labels,
                                  const async_histogram_t *histogram) {
  uint64_t counts[ENDS], count = async_histogram_count(histogram);
  int error = 0;
  add_up(histogram, counts);
  for (size_t i = 0; i < ENDS && error == 0; i++) {
    char end[32];
    snprintf(end, sizeof(end), "%g", ends_s[i]);
    error = append_bucket(buffer, family->name, labels, end, counts[i]);
  }
  if (error == 0)
    error = append_bucket(buffer, family->name, labels, "+Inf", count);
  if (error == 0)
    error = append_sample(buffer, family->name, "_sum", labels,
                          (double)async_histogram_sum(histogram) / 1e9);
  return error != 0 ? error
                    : append_sample(buffer, family->name, "_count", labels,
                                    (double)count);
}
