/* One object a line. The level is always the same: what is no line of a
 * request is rare, and says in its words what it is. */
#include "log.h"

#include <jansson.h>
#include <stdio.h>
#include <time.h>

static void format_time(char *ret_text, size_t text_bytes) {
  struct timespec now;
  struct tm utc;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &utc);
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

size_t app_log_format_json(const char *message, json_t *fields,
                           char ret_line[APP_LOG_LINE_BYTES]) {
  char time[40];
  size_t size = 0;
  format_time(time, sizeof(time));
  json_t *object = json_pack("{s:s, s:s, s:s}", "time", time, "level", "info",
                             "message", message);
  if (object != NULL &&
      (fields == NULL || json_object_update(object, fields) == 0))
    size = dump(object, ret_line);
  json_decref(object);
  json_decref(fields);
  return size;
}

void app_log_write_json(app_log_t *log, const char *message, json_t *fields) {
  char line[APP_LOG_LINE_BYTES];
  app_log_write_line(log, line, app_log_format_json(message, fields, line));
}
