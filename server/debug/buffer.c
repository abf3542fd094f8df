#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int asyncscope__debug_append(debug_buffer_t *buffer, const char *bytes,
                             size_t length) {
  if (length > sizeof(buffer->bytes) - buffer->used_bytes) {
    return UV_ENOBUFS;
  }
  memcpy(buffer->bytes + buffer->used_bytes, bytes, length);
  buffer->used_bytes += length;
  return 0;
}

int asyncscope__debug_append_text(debug_buffer_t *buffer, const char *text) {
  return asyncscope__debug_append(buffer, text, strlen(text));
}

int asyncscope__debug_appendf(debug_buffer_t *buffer, const char *format, ...) {
  size_t room_bytes = sizeof(buffer->bytes) - buffer->used_bytes;
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(buffer->bytes + buffer->used_bytes, room_bytes, format,
                         arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= room_bytes) {
    return UV_ENOBUFS;
  }
  buffer->used_bytes += (size_t)length;
  return 0;
}
