/* A chunk ends where an element does: what no longer fits is taken back and
 * begins the next chunk. Every element is bounded (text.h) far below a chunk,
 * so each chunk holds at least one. */
#include "stream.h"

#include "asyncscope/async_allocator.h"

asyncscope_debug_stream_t *asyncscope__debug_stream_create(
    asyncscope_debug_t *debug) {
  asyncscope_debug_stream_t *stream = async_calloc(1, sizeof(*stream));
  if (stream != NULL) {
    stream->debug = debug;
    stream->status = 1;
    asyncscope__debug_pace_begin(&stream->pace, async_inspect_now_ns());
  }
  return stream;
}

/* Whether the chunk takes more after this step. */
static bool step(asyncscope_debug_stream_t *stream) {
  size_t mark = stream->buffer.used_bytes;
  int status = stream->format->step(stream->state, &stream->buffer);
  if (status == UV_EAGAIN || (status == UV_ENOBUFS && mark > 0)) {
    stream->buffer.used_bytes = mark;
    return false;
  }
  stream->status = status;
  return status > 0 && !asyncscope__debug_pace_is_spent(&stream->pace);
}

/* In one turn. */
static void fill(asyncscope_debug_stream_t *stream) {
  if (!asyncscope__debug_pace_begin(&stream->pace, async_inspect_now_ns()))
    return;
  while (stream->status > 0 && step(stream)) {
  }
  asyncscope__debug_pace_end(&stream->pace, stream->debug,
                             async_inspect_now_ns());
}

int asyncscope_debug_stream_next(asyncscope_debug_stream_t *stream,
                                 const char **ret_chunk,
                                 size_t *ret_chunk_bytes) {
  stream->buffer.used_bytes = 0;
  if (stream->status > 0)
    fill(stream);
  if (stream->status < 0)
    return stream->status;
  *ret_chunk = stream->buffer.bytes;
  *ret_chunk_bytes = stream->buffer.used_bytes;
  return stream->status > 0 && stream->buffer.used_bytes == 0 ? UV_EAGAIN : 0;
}

uint64_t asyncscope_debug_stream_wait_ms(
    const asyncscope_debug_stream_t *stream) {
  uint64_t now_ns = async_inspect_now_ns();
  uint64_t turn_ms = stream->pace.resume_ns > now_ns
                         ? (stream->pace.resume_ns - now_ns) / 1000000 + 1
                         : 0;
  uint64_t format_ms = stream->format->wait_ms == NULL
                           ? 0
                           : stream->format->wait_ms(stream->state);
  return turn_ms > format_ms ? turn_ms : format_ms;
}

void asyncscope_debug_stream_destroy(asyncscope_debug_stream_t *stream) {
  if (stream == NULL)
    return;
  stream->format->close(stream->state);
  async_free(stream);
}
