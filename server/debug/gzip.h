/* Bytes on their way into chunks, compressed: one member of gzip. It takes a
 * quarter of a megabyte, however much goes through it. */
#ifndef ASYNCSCOPE_DEBUG_GZIP_H
#define ASYNCSCOPE_DEBUG_GZIP_H

#include "buffer.h"

#include <stdbool.h>
#include <zlib.h>

typedef struct debug_gzip_s {
  z_stream stream;
} debug_gzip_t;

/* Errors: UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_gzip_init(debug_gzip_t *gzip);

/* What goes in next: borrowed until all of it is taken. Not before. */
void asyncscope__debug_gzip_give(debug_gzip_t *gzip, const unsigned char *bytes,
                                 size_t size);

static inline bool asyncscope__debug_gzip_has_taken(const debug_gzip_t *gzip) {
  return gzip->stream.avail_in == 0;
}

/* Fills the chunk with what comes out; with `last` also what is held back, as
 * there is no more to give. 1, or 0 where all of it is out. Errors: UV_ENOBUFS
 * where the chunk is full, and nothing was done. */
int asyncscope__debug_gzip_step(debug_gzip_t *gzip, bool last,
                                debug_buffer_t *buffer);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_gzip_finish(debug_gzip_t *gzip);

#endif
