#include "json_exporter.h"

#include "json_fields.h"

static void put_counts(json_fields_t *fields,
                       const asyncscope_debug_export_t *export) {
  asyncscope__json_put_unsigned(fields, "queued", export->queued);
  asyncscope__json_put_unsigned(fields, "queueMax", export->queue_max);
  asyncscope__json_put_unsigned(fields, "exported", export->exported);
  asyncscope__json_put_unsigned(fields, "rejected", export->rejected);
  asyncscope__json_put_unsigned(fields, "failed", export->failed);
  asyncscope__json_put_unsigned(fields, "dropped", export->dropped);
  asyncscope__json_put_unsigned(fields, "missed", export->missed);
  asyncscope__json_put_unsigned(fields, "missedEvents", export->missed_events);
  asyncscope__json_put_unsigned(fields, "batches", export->batches);
  asyncscope__json_put_unsigned(fields, "retries", export->retries);
}

static json_t *exporter_object(const asyncscope_debug_exporter_t *exporter) {
  asyncscope_debug_export_t export = {.queued = 0};
  json_fields_t fields = asyncscope__json_begin();
  exporter->read(exporter->data, &export);
  asyncscope__json_put_text(&fields, "name", exporter->name);
  asyncscope__json_put_text(&fields, "target", export.target);
  asyncscope__json_put_bool(&fields, "failing", export.failing);
  asyncscope__json_put_name(&fields, "problem", export.problem);
  put_counts(&fields, &export);
  return asyncscope__json_end(&fields);
}

int asyncscope__debug_write_exporter(const debug_capture_t *capture, size_t *at,
                                     json_writer_t *writer) {
  const asyncscope_debug_options_t *options = &capture->debug->options;
  if (*at == options->exporter_count)
    return 0;
  int error = asyncscope__json_write(writer, NULL,
                                     exporter_object(&options->exporters[*at]));
  *at += error == 0;
  return error == 0 ? 1 : error;
}
