/* Those who send elsewhere what is seen here. */
#include "debug.h"
#include "metrics.h"

#include <stddef.h>
#include <string.h>

/* `row->at` is where the number lies in an asyncscope_debug_export_t. */
static int write_number(const metrics_t *metrics, size_t item,
                        const metrics_row_t *row, debug_buffer_t *buffer) {
  const asyncscope_debug_t *debug = metrics->grouping.capture.debug;
  asyncscope_debug_export_t export = {.queued = 0};
  metrics_labels_t labels = {.used_bytes = 0};
  uint64_t number;
  if (item == debug->options.exporter_count)
    return 0;
  debug->exporters[item].read(debug->exporters[item].data, &export);
  memcpy(&number, (const char *)&export + row->at, sizeof(number));
  asyncscope__metrics_label(&labels, "exporter", debug->exporters[item].name);
  int error =
      asyncscope__metrics_sample(buffer, &row->family, &labels, (double)number);
  return error != 0 ? error : 1;
}

static int write_failing(const metrics_t *metrics, size_t item,
                         const metrics_row_t *row, debug_buffer_t *buffer) {
  const asyncscope_debug_t *debug = metrics->grouping.capture.debug;
  asyncscope_debug_export_t export = {.queued = 0};
  metrics_labels_t labels = {.used_bytes = 0};
  if (item == debug->options.exporter_count)
    return 0;
  debug->exporters[item].read(debug->exporters[item].data, &export);
  asyncscope__metrics_label(&labels, "exporter", debug->exporters[item].name);
  int error =
      asyncscope__metrics_sample(buffer, &row->family, &labels, export.failing);
  return error != 0 ? error : 1;
}

#define AT(member) offsetof(asyncscope_debug_export_t, member)
#define GAUGE(name, text) \
  { "asyncscope_exporter_" name, METRICS_GAUGE, text }
#define COUNTER(name, text) \
  { "asyncscope_exporter_" name, METRICS_COUNTER, text }

const metrics_row_t asyncscope__metrics_of_exporters[] = {
    {GAUGE("queued", "Spans that wait or are on their way."), write_number,
     AT(queued)},
    {GAUGE("queue_capacity", "Spans that may wait."), write_number,
     AT(queue_max)},
    {GAUGE("failing", "1: the last attempt was none that was taken."),
     write_failing, 0},
    {COUNTER("exported", "Spans that were taken."), write_number, AT(exported)},
    {COUNTER("rejected", "Spans refused of a batch that was taken."),
     write_number, AT(rejected)},
    {COUNTER("failed", "Spans given up after a failure."), write_number,
     AT(failed)},
    {COUNTER("dropped", "Spans that found the queue full, or no time."),
     write_number, AT(dropped)},
    {COUNTER("missed", "Requests overwritten before they were read."),
     write_number, AT(missed)},
    {COUNTER("missed_events", "Parts of requests, the same."), write_number,
     AT(missed_events)},
    {COUNTER("batches", "Batches sent, each once."), write_number, AT(batches)},
    {COUNTER("retries", "Attempts beyond these."), write_number, AT(retries)},
    {{NULL, METRICS_GAUGE, NULL}, NULL, 0},
};
