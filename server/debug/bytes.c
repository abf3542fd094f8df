#include "bytes.h"

#include "asyncscope/async_allocator.h"

typedef struct bytes_s {
  const char *at;
  size_t left;
} bytes_t;

void *asyncscope__debug_bytes_begin(const void *bytes, size_t length) {
  bytes_t *state = async_malloc(sizeof(*state));
  if (state != NULL)
    *state = (bytes_t){bytes, length};
  return state;
}

int asyncscope__debug_bytes_step(void *state, debug_buffer_t *buffer) {
  bytes_t *bytes = state;
  size_t room = sizeof(buffer->bytes) - buffer->used_bytes;
  size_t length = bytes->left < room ? bytes->left : room;
  if (length == 0)
    return bytes->left == 0 ? 0 : UV_ENOBUFS;
  asyncscope__debug_append(buffer, bytes->at, length);
  bytes->at += length;
  bytes->left -= length;
  return bytes->left > 0;
}
