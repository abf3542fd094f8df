/* A line of the log as JSON. */
#include "json_account.h"
#include "log_tail.h"
#include "text.h"

const char *asyncscope__debug_level_name(asyncscope_debug_level_t level) {
  static const char *const names[] = {"debug", "info", "warn", "error"};
  return level <= ASYNCSCOPE_DEBUG_LEVEL_ERROR ? names[level] : names[3];
}

struct timespec asyncscope__debug_log_time(const debug_log_line_t *line) {
  return (struct timespec){.tv_sec = (time_t)(line->time_ns / 1000000000),
                           .tv_nsec = (long)(line->time_ns % 1000000000)};
}

json_t *asyncscope__debug_log_object(const debug_log_line_t *line) {
  struct timespec at = asyncscope__debug_log_time(line);
  char message[3 * ASYNCSCOPE_DEBUG_LOG_BYTES + 1];
  char time[DEBUG_TIME_BYTES];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_time(&at, time);
  asyncscope__debug_utf8_all(line->text, line->text_bytes, message);
  asyncscope__json_put_unsigned(&fields, "seq", line->number);
  asyncscope__json_put_text(&fields, "time", time);
  asyncscope__json_put_text(&fields, "level",
                            asyncscope__debug_level_name(line->level));
  if (line->thread != ASYNC_THREAD_NONE)
    asyncscope__json_put_unsigned(&fields, "thread", line->thread);
  asyncscope__json_put_key(&fields, "key",
                           (async_ref_t){line->thread, line->async_id});
  asyncscope__json_put_request(&fields, "requestId", line->request);
  asyncscope__json_put_trace(&fields, &line->trace);
  asyncscope__json_put(&fields, "message", json_string(message));
  return asyncscope__json_end(&fields);
}
