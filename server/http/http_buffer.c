#include "http_buffer.h"

#include "asyncscope/async_allocator.h"
#include <string.h>
#include <uv.h>

static size_t grown(size_t capacity, size_t needed) {
  while (capacity < needed)
    capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
  return capacity;
}

int http_buffer_grow(http_buffer_t *buffer, size_t more_bytes,
                     size_t first_bytes) {
  size_t capacity = buffer->capacity_bytes ? buffer->capacity_bytes : 64;
  char *bytes;

  if (more_bytes > SIZE_MAX - buffer->size_bytes)
    return UV_ENOMEM;
  capacity = grown(capacity < first_bytes ? first_bytes : capacity,
                   buffer->size_bytes + more_bytes);
  bytes = async_realloc(buffer->bytes, capacity);
  if (bytes == NULL)
    return UV_ENOMEM;
  buffer->bytes = bytes;
  buffer->capacity_bytes = capacity;
  return 0;
}

int http_buffer_append_text(http_buffer_t *buffer, const char *text) {
  return http_buffer_append(buffer, text, strlen(text));
}

int http_buffer_append_unsigned(http_buffer_t *buffer, uint64_t number,
                                unsigned base) {
  char digits[20];
  size_t at = sizeof(digits);

  do {
    digits[--at] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number > 0);
  return http_buffer_append(buffer, digits + at, sizeof(digits) - at);
}

void http_buffer_consume(http_buffer_t *buffer, size_t count) {
  buffer->size_bytes -= count;
  if (count > 0 && buffer->size_bytes > 0)
    memmove(buffer->bytes, buffer->bytes + count, buffer->size_bytes);
}

void http_buffer_finish(http_buffer_t *buffer) {
  async_free(buffer->bytes);
  *buffer = (http_buffer_t){0};
}
