/* The chunk being filled: fixed size, so that a stream's memory does not grow
 * with what it formats. */
#ifndef ASYNCSCOPE_DEBUG_BUFFER_H
#define ASYNCSCOPE_DEBUG_BUFFER_H

#include "asyncscope/asyncscope_debug.h"

typedef struct debug_buffer_s {
  size_t used_bytes;
  char bytes[ASYNCSCOPE_DEBUG_CHUNK_BYTES];
} debug_buffer_t;

/* All answer 0, or UV_ENOBUFS when the bytes do not fit: what was appended
 * before stays, and the caller cuts the buffer back to where its element
 * began. */
int asyncscope__debug_append(debug_buffer_t *buffer, const char *bytes,
                             size_t length);
int asyncscope__debug_append_text(debug_buffer_t *buffer, const char *text);
int asyncscope__debug_appendf(debug_buffer_t *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
