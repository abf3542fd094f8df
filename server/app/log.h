/* Lines on stderr that never hold up service: what cannot be written at once
 * is dropped and counted, and the count is logged when there is room again. */
#ifndef ASYNCSCOPE_SERVER_LOG_H
#define ASYNCSCOPE_SERVER_LOG_H

#include "http_text.h"
#include <stdatomic.h>
#include <stdint.h>

#define APP_LOG_LINE_BYTES 1024

typedef struct app_log_s {
  int fd;
  bool own_fd; /* ours alone, and never blocks */
  bool socket;
  atomic_uint_fast64_t dropped;
} app_log_t;

/* `fd` is that of stderr, which may be shared with other processes: its flags
 * are left alone, but that a regular file is appended to from now on, by all
 * of them. Thread: any, as all functions here. */
void app_log_init(app_log_t *log, int fd);

/* printf, and a line end; a longer line is cut. */
__attribute__((format(printf, 2, 3))) void app_log_write(app_log_t *log,
                                                         const char *format,
                                                         ...);

/* `text` in double quotes, with every byte that is not visible ASCII, and
 * quote and backslash, as \xHH; cut with "..." where it does not fit. */
void app_log_quote(http_text_t text, char *ret_quoted, size_t quoted_bytes);

void app_log_finish(app_log_t *log);

#endif
