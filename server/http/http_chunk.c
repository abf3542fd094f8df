#include "http_chunk.h"

int http_chunk_append(http_buffer_t *buffer, const void *bytes, size_t size) {
  const size_t framing = 16 + 4; /* digits of the size, two line ends */
  int error;

  if (size == 0)
    return 0;
  error = http_buffer_reserve(buffer, size + framing, 0);
  if (error != 0)
    return error;
  http_buffer_append_unsigned(buffer, size, 16);
  http_buffer_append_text(buffer, "\r\n");
  http_buffer_append(buffer, bytes, size);
  http_buffer_append_text(buffer, "\r\n");
  return 0;
}
