/* Lines on stderr that never hold up service: what cannot be written at once
 * is dropped and counted, and the count is logged when there is room again.
 * Each line is also kept for /debug/log, there without regard to its level. */
#ifndef ASYNCSCOPE_SERVER_LOG_H
#define ASYNCSCOPE_SERVER_LOG_H

#include "asyncscope/asyncscope_debug.h"
#include "http_text.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define APP_LOG_LINE_BYTES 1024

struct json_t; /* jansson's */

typedef asyncscope_debug_level_t app_log_level_t;
#define APP_LOG_DEBUG ASYNCSCOPE_DEBUG_LEVEL_DEBUG
#define APP_LOG_INFO  ASYNCSCOPE_DEBUG_LEVEL_INFO
#define APP_LOG_WARN  ASYNCSCOPE_DEBUG_LEVEL_WARN
#define APP_LOG_ERROR ASYNCSCOPE_DEBUG_LEVEL_ERROR

typedef struct app_log_s {
  int fd;
  bool own_fd; /* ours alone, and never blocks */
  bool socket;
  bool json;                 /* one object a line, not text */
  bool requests;             /* has a line for each request */
  app_log_level_t level;     /* what is below is not written to `fd` */
  asyncscope_debug_t *debug; /* borrowed; NULL: lines are kept nowhere */
  atomic_uint_fast64_t dropped;
} app_log_t;

/* `fd` is that of stderr, which may be shared with other processes: its flags
 * are left alone, but that a regular file is appended to from now on, by all
 * of them. Text, with requests, from APP_LOG_INFO on; change the fields before
 * others write.
 * Thread: any, as all functions here. */
void app_log_init(app_log_t *log, int fd);

/* printf, and a line end; a longer line is cut. In the context of a request the
 * line says which one it is, and its trace. */
__attribute__((format(printf, 3, 4))) void app_log_write(app_log_t *log,
                                                         app_log_level_t level,
                                                         const char *format,
                                                         ...);

/* Whether such a line is written to `fd`. */
static inline bool app_log_has(const app_log_t *log, app_log_level_t level) {
  return level >= log->level;
}

/* Only for /debug/log: a line that is written to `fd` by other means. */
void app_log_keep(app_log_t *log, const asyncscope_debug_log_line_t *line);

/* To `fd` alone: an object of time, level, message and `fields`, which are
 * taken over; NULL is none. Dropped and counted where it is longer than a line
 * may be, or for want of memory. Only for a log that is JSON. */
void app_log_write_json(app_log_t *log, app_log_level_t level,
                        const char *message, struct json_t *fields);

/* The line of such an object, with its end, and how long it is; 0 where it is
 * to be dropped. `fields` is taken over. */
size_t app_log_format_json(app_log_level_t level, const char *message,
                           struct json_t *fields,
                           char ret_line[APP_LOG_LINE_BYTES]);

/* What says in such an object whose it is; NULL where there is no request, or
 * no memory. */
struct json_t *app_log_request_fields(uint64_t request,
                                      const async_request_trace_t *trace);

/* For those who make lines; one of no bytes is counted as dropped. To `fd`
 * alone. */
void app_log_write_line(app_log_t *log, const char *line, size_t size);

/* `text` in double quotes, with every byte that is not visible ASCII, and
 * quote and backslash, as \xHH; cut with "..." where it does not fit. */
void app_log_quote(http_text_t text, char *ret_quoted, size_t quoted_bytes);

void app_log_finish(app_log_t *log);

#endif
