/* A document as the data of a server-sent event. */
#ifndef ASYNCSCOPE_DEBUG_SSE_DATA_H
#define ASYNCSCOPE_DEBUG_SSE_DATA_H

#include "buffer.h"
#include <stdbool.h>

/* Zeroed it is ready, and behind each document again. */
typedef struct debug_sse_data_s {
  debug_buffer_t line; /* a piece of the document that has yet to be written */
  bool ended;          /* and it was the last */
} debug_sse_data_t;

/* The next piece that `step` makes of `state`, as a line of data: a document
 * may be broken where a piece of it ends. 1; 0 when that was the last, and the
 * event has ended. Errors: those of a step (endpoint.h). */
int asyncscope__debug_sse_data(debug_sse_data_t *data,
                               int (*step)(void *state, debug_buffer_t *buffer),
                               void *state, debug_buffer_t *buffer);

#endif
