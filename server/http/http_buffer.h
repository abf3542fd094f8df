/* Bytes that grow up to a ceiling. */
#ifndef ASYNCSCOPE_SERVER_HTTP_BUFFER_H
#define ASYNCSCOPE_SERVER_HTTP_BUFFER_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed is an empty buffer without memory. */
typedef struct http_buffer_s {
  char *bytes;           /* read-only; moves when the buffer grows */
  size_t size_bytes;     /* read-only */
  size_t capacity_bytes; /* read-only */
} http_buffer_t;

/* Makes room for `more_bytes` behind the content, at least `first_bytes` in
 * all. Errors: UV_ENOMEM; the content is as before. */
int http_buffer_reserve(http_buffer_t *buffer, size_t more_bytes,
                        size_t first_bytes);

int http_buffer_append(http_buffer_t *buffer, const void *bytes, size_t size);
int http_buffer_append_text(http_buffer_t *buffer, const char *text);
int http_buffer_append_unsigned(http_buffer_t *buffer, uint64_t number,
                                unsigned base);

/* Drops the first `count` bytes. */
void http_buffer_consume(http_buffer_t *buffer, size_t count);

void http_buffer_finish(http_buffer_t *buffer);

#endif
