/* An answer that is there already. */
#ifndef ASYNCSCOPE_DEBUG_BYTES_H
#define ASYNCSCOPE_DEBUG_BYTES_H

#include "buffer.h"

/* The state of a format that gives `bytes`, which outlive it. NULL for want of
 * memory; async_free() is its end. */
void *asyncscope__debug_bytes_begin(const void *bytes, size_t length);

/* The step of such a format. */
int asyncscope__debug_bytes_step(void *state, debug_buffer_t *buffer);

#endif
