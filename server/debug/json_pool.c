#include "json_pool.h"

#include "json_fields.h"
#include "json_times.h"
#include "text.h"

static json_t *time_object(const worker_time_t *time) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "p50", time->p50_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "p90", time->p90_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "p99", time->p99_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "max", time->max_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "count", time->count);
  return asyncscope__json_end(&fields);
}

static void put_times(json_fields_t *fields, const worker_times_t *times) {
  asyncscope__json_put(fields, "waitUs", time_object(&times->waited));
  asyncscope__json_put(fields, "runUs", time_object(&times->worked));
  asyncscope__json_put(fields, "delayUs", time_object(&times->delayed));
}

/* The same of all types, with what the percentiles are made from. */
static void put_histograms(json_fields_t *fields, const worker_pool_t *pool) {
  worker_histograms_t sum = {.waited = {.max = 0}};
  const char *type;
  for (size_t i = 0; worker_pool_histograms(pool, i, &type, &sum) == 0;)
    i++;
  asyncscope__json_put(fields, "waitUs",
                       asyncscope__json_times(&sum.waited, true));
  asyncscope__json_put(fields, "runUs",
                       asyncscope__json_times(&sum.worked, true));
  asyncscope__json_put(fields, "delayUs",
                       asyncscope__json_times(&sum.delayed, true));
}

static json_t *times_by_type(const worker_pool_t *pool) {
  json_fields_t fields = asyncscope__json_begin();
  worker_times_t times;
  char name[DEBUG_UTF8_BYTES];
  for (size_t i = 0; worker_pool_times(pool, i, &times) == 0; i++) {
    json_fields_t type = asyncscope__json_begin();
    put_times(&type, &times);
    asyncscope__debug_utf8(times.type, name);
    asyncscope__json_put(&fields, name, asyncscope__json_end(&type));
  }
  return asyncscope__json_end(&fields);
}

static void put_info(json_fields_t *fields, const worker_pool_info_t *info) {
  asyncscope__json_put_unsigned(fields, "threads", info->threads);
  asyncscope__json_put_unsigned(fields, "active", info->active);
  asyncscope__json_put_unsigned(fields, "queued", info->queued);
  asyncscope__json_put_unsigned(fields, "queuedPeak", info->queued_peak);
  asyncscope__json_put_unsigned(fields, "submitted", info->submitted);
  asyncscope__json_put_unsigned(fields, "completed", info->completed);
  asyncscope__json_put_unsigned(fields, "rejected", info->rejected);
  asyncscope__json_put_unsigned(fields, "cancelled", info->cancelled);
  asyncscope__json_put_unsigned(fields, "timedOut", info->timed_out);
  asyncscope__json_put_unsigned(fields, "aborted", info->aborted);
  asyncscope__json_put_unsigned(fields, "waitedUs", info->waited_ns / 1000);
  asyncscope__json_put_unsigned(fields, "workedUs", info->worked_ns / 1000);
}

json_t *asyncscope__json_pool(const asyncscope_debug_pool_t *pool,
                              bool histograms) {
  worker_pool_info_t info;
  worker_times_t times;
  json_fields_t fields = asyncscope__json_begin();
  worker_pool_info(pool->pool, &info);
  worker_pool_times_total(pool->pool, &times);
  asyncscope__json_put_name(&fields, "name", pool->name);
  put_info(&fields, &info);
  if (histograms)
    put_histograms(&fields, pool->pool);
  else
    put_times(&fields, &times);
  asyncscope__json_put(&fields, "byType", times_by_type(pool->pool));
  return asyncscope__json_end(&fields);
}

int asyncscope__debug_write_pool(const debug_capture_t *capture, size_t *at,
                                 bool histograms, json_writer_t *writer) {
  const asyncscope_debug_options_t *options = &capture->debug->options;
  if (*at == options->pool_count)
    return 0;
  int error = asyncscope__json_write(
      writer, NULL, asyncscope__json_pool(&options->pools[*at], histograms));
  *at += error == 0;
  return error == 0 ? 1 : error;
}
