/* Following the log: the lines that a query asks for, one after the other, and
 * how many were not there any more. */
#ifndef ASYNCSCOPE_DEBUG_LOG_TAIL_H
#define ASYNCSCOPE_DEBUG_LOG_TAIL_H

#include "debug.h"
#include "query.h"
#include <jansson.h>

typedef struct debug_log_tail_s {
  const debug_query_t *query;
  const debug_log_ring_t *ring; /* NULL: nothing is kept */
  debug_log_span_t span;        /* at the beginning */
  uint64_t next;                /* the number of the line to be looked at */
  uint64_t dropped;             /* that were gone, and not told yet */
  debug_log_line_t line;        /* the one found */
} debug_log_tail_t;

/* From where the last lines, as many as `limit`, stand ahead. */
void asyncscope__debug_log_begin(debug_log_tail_t *tail,
                                 const asyncscope_debug_t *debug,
                                 const debug_query_t *query);

/* From behind the line with that id; false where it is none of this log. */
bool asyncscope__debug_log_resume(debug_log_tail_t *tail, const char *id);

/* Finds the next line: 1, and it is in `line`, until it was taken. 0: there is
 * none yet. Errors: UV_EAGAIN when it has looked at many. */
int asyncscope__debug_log_find(debug_log_tail_t *tail);

/* Behind the line that was found. */
static inline void asyncscope__debug_log_take(debug_log_tail_t *tail) {
  tail->next++;
}

/* What a reader shows to come back: of the last line looked at. */
#define DEBUG_LOG_ID_BYTES 48
void asyncscope__debug_log_id(const debug_log_tail_t *tail, uint64_t number,
                              char ret_id[DEBUG_LOG_ID_BYTES]);

/* A line as JSON; NULL for want of memory. */
json_t *asyncscope__debug_log_object(const debug_log_line_t *line);

/* "debug", "info", "warn", "error" */
const char *asyncscope__debug_level_name(asyncscope_debug_level_t level);

struct timespec asyncscope__debug_log_time(const debug_log_line_t *line);

#endif
