/* How much of what happened an answer can know of: the recorders keep the last
 * events of each thread alone. */
#ifndef ASYNCSCOPE_DEBUG_RECORDED_H
#define ASYNCSCOPE_DEBUG_RECORDED_H

#include "buffer.h"
#include "capture.h"
#include "json_fields.h"

typedef struct debug_recorded_s {
  uint64_t dropped;   /* events that were overwritten, all in all */
  uint64_t covers_us; /* back from the capture; 0 where nothing is recorded */
} debug_recorded_t;

/* Of one thread of the capture. */
debug_recorded_t asyncscope__debug_recorded(const debug_capture_t *capture,
                                            const debug_thread_t *thread);

/* Of all: their drops together, and how far back each of them reaches. */
debug_recorded_t asyncscope__debug_recorded_by_all(
    const debug_capture_t *capture);

/* The same of a capture that is made for it. Errors: UV_ENOMEM. */
int asyncscope__debug_recorded_now(const asyncscope_debug_t *debug,
                                   debug_recorded_t *ret_recorded);

/* As `coversUs` and `droppedEvents`. */
void asyncscope__debug_put_recorded(json_fields_t *fields,
                                    debug_recorded_t recorded);

/* The same as a line for people, behind `mark`, which begins a comment. Errors:
 * UV_ENOBUFS. */
int asyncscope__debug_append_recorded(const debug_capture_t *capture,
                                      const char *mark, debug_buffer_t *buffer);

#endif
