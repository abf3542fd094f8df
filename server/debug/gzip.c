#include "gzip.h"

#include "asyncscope/async_allocator.h"

#define GZIP_BITS   (MAX_WBITS + 16) /* the window, with the head of gzip */
#define GZIP_MEMORY 8                /* what zlib takes by itself */

static voidpf take(voidpf opaque, uInt items, uInt item_bytes) {
  (void)opaque;
  return async_calloc(items, item_bytes);
}

static void give_back(voidpf opaque, voidpf block) {
  (void)opaque;
  async_free(block);
}

/* The fastest level: a chunk is made in a callback of a loop. */
int asyncscope__debug_gzip_init(debug_gzip_t *gzip) {
  gzip->stream = (z_stream){.zalloc = take, .zfree = give_back};
  return deflateInit2(&gzip->stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_BITS,
                      GZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK
             ? 0
             : UV_ENOMEM;
}

void asyncscope__debug_gzip_give(debug_gzip_t *gzip, const unsigned char *bytes,
                                 size_t size) {
  gzip->stream.next_in = (Bytef *)(uintptr_t)bytes;
  gzip->stream.avail_in = (uInt)size;
}

int asyncscope__debug_gzip_step(debug_gzip_t *gzip, bool last,
                                debug_buffer_t *buffer) {
  z_stream *stream = &gzip->stream;
  size_t room_bytes = sizeof(buffer->bytes) - buffer->used_bytes;
  if (room_bytes == 0)
    return UV_ENOBUFS;
  stream->next_out = (Bytef *)buffer->bytes + buffer->used_bytes;
  stream->avail_out = (uInt)room_bytes;
  int status = deflate(stream, last ? Z_FINISH : Z_NO_FLUSH);
  buffer->used_bytes += room_bytes - stream->avail_out;
  return status != Z_STREAM_END;
}

void asyncscope__debug_gzip_finish(debug_gzip_t *gzip) {
  if (gzip->stream.state != NULL)
    deflateEnd(&gzip->stream);
  gzip->stream.state = NULL;
}
