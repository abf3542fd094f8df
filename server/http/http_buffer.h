/* Bytes that grow up to a ceiling. */
#ifndef ASYNCSCOPE_SERVER_HTTP_BUFFER_H
#define ASYNCSCOPE_SERVER_HTTP_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Zeroed is an empty buffer without memory. */
typedef struct http_buffer_s {
  char *bytes;           /* read-only; moves when the buffer grows */
  size_t size_bytes;     /* read-only */
  size_t capacity_bytes; /* read-only */
} http_buffer_t;

/* Makes room for `more_bytes` behind the content, at least `first_bytes` in
 * all. Errors: UV_ENOMEM; the content is as before. */
static inline int http_buffer_reserve(http_buffer_t *buffer, size_t more_bytes,
                                      size_t first_bytes);

static inline int http_buffer_append(http_buffer_t *buffer, const void *bytes,
                                     size_t size);
/* The same to an empty buffer that is to have room for `first_bytes`, if it has
 * none yet. */
static inline int http_buffer_append_first(http_buffer_t *buffer,
                                           const void *bytes, size_t size,
                                           size_t first_bytes);
int http_buffer_append_text(http_buffer_t *buffer, const char *text);
int http_buffer_append_unsigned(http_buffer_t *buffer, uint64_t number,
                                unsigned base);

/* Drops the first `count` bytes. */
void http_buffer_consume(http_buffer_t *buffer, size_t count);

void http_buffer_finish(http_buffer_t *buffer);

/* Private. */
int http_buffer_grow(http_buffer_t *buffer, size_t more_bytes,
                     size_t first_bytes);

static inline int http_buffer_reserve(http_buffer_t *buffer, size_t more_bytes,
                                      size_t first_bytes) {
  return more_bytes <= buffer->capacity_bytes - buffer->size_bytes
             ? 0
             : http_buffer_grow(buffer, more_bytes, first_bytes);
}

static inline int http_buffer_append(http_buffer_t *buffer, const void *bytes,
                                     size_t size) {
  return http_buffer_append_first(buffer, bytes, size, 0);
}

static inline int http_buffer_append_first(http_buffer_t *buffer,
                                           const void *bytes, size_t size,
                                           size_t first_bytes) {
  int error = http_buffer_reserve(buffer, size, first_bytes);

  if (error == 0 && size > 0) {
    memcpy(buffer->bytes + buffer->size_bytes, bytes, size);
    buffer->size_bytes += size;
  }
  return error;
}

#endif
