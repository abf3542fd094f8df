/* The last lines of a program's log: any thread writes them, any reads, and
 * nobody waits.
 *
 *   head: lines begun ever
 *         v
 *   [ 8 ][ 9 ][ 2 ][ 3 ]     each slot says which line it holds, and whether
 *                             that one is whole
 *
 * A slot is taken by its writer before it is written: of two writers a whole
 * ring apart that meet in one, the later gives its line up. A reader copies a
 * slot and looks again whose it is. */
#ifndef ASYNCSCOPE_DEBUG_LOG_RING_H
#define ASYNCSCOPE_DEBUG_LOG_RING_H

#include "asyncscope/asyncscope_debug.h"

typedef struct debug_log_ring_s debug_log_ring_t;

/* A line as it was written. */
typedef struct debug_log_line_s {
  uint64_t number;  /* from 0 */
  uint64_t time_ns; /* CLOCK_REALTIME */
  asyncscope_debug_level_t level;
  uint32_t thread; /* ASYNC_THREAD_NONE: one without an environment */
  async_id_t async_id;
  uint64_t request;            /* 0: none */
  async_request_trace_t trace; /* no parent; all 0: none */
  size_t text_bytes;
  char text[ASYNCSCOPE_DEBUG_LOG_BYTES + 1]; /* and a NUL */
} debug_log_line_t;

/* NULL for want of memory. */
debug_log_ring_t *asyncscope__debug_log_ring_create(size_t lines);

/* NULL is left alone. */
void asyncscope__debug_log_ring_destroy(debug_log_ring_t *ring);

void asyncscope__debug_log_ring_write(debug_log_ring_t *ring,
                                      const asyncscope_debug_log_line_t *line);

typedef struct debug_log_span_s {
  uint64_t oldest,
      next; /* what may be read: from the one to before the other */
  size_t capacity;
  uint64_t started_ns; /* what tells rings apart */
} debug_log_span_t;

/* `ring` may be NULL: then nothing is kept. */
debug_log_span_t asyncscope__debug_log_ring_span(const debug_log_ring_t *ring);

typedef enum debug_log_found_e {
  DEBUG_LOG_THERE,
  DEBUG_LOG_GONE, /* overwritten, or given up */
  DEBUG_LOG_NOT_YET
} debug_log_found_t;

debug_log_found_t asyncscope__debug_log_ring_read(const debug_log_ring_t *ring,
                                                  uint64_t number,
                                                  debug_log_line_t *ret_line);

#endif
