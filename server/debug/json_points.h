/* Points of the history as elements of an array. */
#ifndef ASYNCSCOPE_DEBUG_JSON_POINTS_H
#define ASYNCSCOPE_DEBUG_JSON_POINTS_H

#include "capture.h"
#include "history.h"
#include "json_writer.h"

/* Which points are to be written: of which scale, from which number on. */
typedef struct debug_points_s {
  const debug_capture_t *capture;
  unsigned scale;
  uint64_t next;
} debug_points_t;

/* The next one; what a debug_part_cb answers. */
int asyncscope__debug_write_point(debug_points_t *points,
                                  json_writer_t *writer);

#endif
