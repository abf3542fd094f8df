/* All live records of a capture, or of one of its threads, a batch at a time.
 */
#ifndef ASYNCSCOPE_DEBUG_WALK_H
#define ASYNCSCOPE_DEBUG_WALK_H

#include "capture.h"

#define DEBUG_WALK_BATCH 64

/* A step of an answer that walks looks at no more records than this before it
 * lets others have their turn: a third of a millisecond. */
#define DEBUG_WALK_SLICE 16384

typedef struct debug_walk_s {
  const debug_capture_t *capture;
  size_t thread; /* read-only: that of the last batch, an index */
  size_t end;    /* behind the last thread */
  uint32_t cursor;
} debug_walk_t;

debug_walk_t asyncscope__debug_walk_all(const debug_capture_t *capture);
debug_walk_t asyncscope__debug_walk_thread(const debug_capture_t *capture,
                                           size_t thread);

/* Up to DEBUG_WALK_BATCH records, all of one thread, in no order; 0 at the
 * end. */
size_t asyncscope__debug_walk_next(debug_walk_t *walk,
                                   async_resource_info_t *ret_infos);

/* Calls `cb` for every record of a slice, as long as it answers 0. Answers
 * what `cb` did; else UV_EAGAIN where the walk goes on, 0 at its end. */
typedef int (*debug_walk_cb)(void *arg, size_t thread,
                             const async_resource_info_t *info);
int asyncscope__debug_walk_slice(debug_walk_t *walk, debug_walk_cb cb,
                                 void *arg);

#endif
