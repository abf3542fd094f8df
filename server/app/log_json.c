/* One object a line. */
#include "log.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <time.h>

static void format_time(char *ret_text, size_t text_bytes) {
  struct timespec now;
  struct tm utc = {0};
  clock_gettime(CLOCK_REALTIME, &now);
  (void)gmtime_r(&now.tv_sec, &utc);
  size_t used = strftime(ret_text, text_bytes, "%Y-%m-%dT%H:%M:%S", &utc);
  snprintf(ret_text + used, text_bytes - used, ".%03ldZ",
           now.tv_nsec / 1000000);
}

/* Half an object is none. */
static size_t dump(const json_t *object, char *ret_line) {
  size_t size =
      json_dumpb(object, ret_line, APP_LOG_LINE_BYTES - 1, JSON_COMPACT);
  if (size == 0 || size > APP_LOG_LINE_BYTES - 1)
    return 0;
  ret_line[size] = '\n';
  return size + 1;
}

static const char *level_name(app_log_level_t level) {
  static const char *const names[] = {"debug", "info", "warn", "error"};
  return names[level];
}

json_t *app_log_request_fields(uint64_t request,
                               const async_request_trace_t *trace) {
  char id[24], trace_id[33], span_id[17];
  if (request == 0)
    return NULL;
  snprintf(id, sizeof(id), "r%" PRIu64, request);
  snprintf(trace_id, sizeof(trace_id), "%016" PRIx64 "%016" PRIx64,
           trace->trace_id[0], trace->trace_id[1]);
  snprintf(span_id, sizeof(span_id), "%016" PRIx64, trace->span_id);
  return json_pack("{s:s, s:s, s:s, s:s}", "request_id", id, "trace_id",
                   trace_id, "span_id", span_id, "trace_flags",
                   (trace->flags & 1) != 0 ? "01" : "00");
}

size_t app_log_format_json(app_log_level_t level, const char *message,
                           json_t *fields, char ret_line[APP_LOG_LINE_BYTES]) {
  char time[40];
  size_t size = 0;
  format_time(time, sizeof(time));
  json_t *object = json_pack("{s:s, s:s, s:s}", "time", time, "level",
                             level_name(level), "message", message);
  if (object != NULL &&
      (fields == NULL || json_object_update(object, fields) == 0))
    size = dump(object, ret_line);
  json_decref(object);
  json_decref(fields);
  return size;
}

void app_log_write_json(app_log_t *log, app_log_level_t level,
                        const char *message, json_t *fields) {
  char line[APP_LOG_LINE_BYTES];
  app_log_write_line(log, line,
                     app_log_format_json(level, message, fields, line));
}
