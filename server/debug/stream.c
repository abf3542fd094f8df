/* A chunk ends where an element does: what no longer fits is taken back and
 * begins the next chunk. Every element is bounded (text.h, snapshot.h) far
 * below a chunk, so each chunk holds at least one. */
#include "stream.h"

#include "asyncscope/async_allocator.h"

struct asyncscope_debug_stream_s {
  const debug_format_t *format;
  debug_snapshot_t *snapshot;
  void *state;
  int status; /* 1: there is more; 0: at the end; below: failed for good */
  debug_buffer_t buffer;
};

static const debug_format_t *find_format(asyncscope_debug_format_t format) {
  return format == ASYNCSCOPE_DEBUG_JSON   ? &asyncscope__debug_format_json
         : format == ASYNCSCOPE_DEBUG_TREE ? &asyncscope__debug_format_tree
                                           : NULL;
}

static int open_format(asyncscope_debug_stream_t *stream) {
  if (stream->format == NULL) {
    return UV_EINVAL;
  }
  return stream->format->create(stream->snapshot, &stream->state);
}

int asyncscope__debug_stream_open(asyncscope_debug_format_t format,
                                  debug_snapshot_t *snapshot,
                                  asyncscope_debug_stream_t **ret_stream) {
  asyncscope_debug_stream_t *stream = async_malloc(sizeof(*stream));
  if (stream == NULL) {
    asyncscope__debug_snapshot_destroy(snapshot);
    return UV_ENOMEM;
  }
  stream->format = find_format(format);
  stream->snapshot = snapshot;
  stream->state = NULL;
  stream->status = 1;
  stream->buffer.used_bytes = 0;
  int err = open_format(stream);
  if (err != 0) {
    asyncscope_debug_stream_destroy(stream);
    return err;
  }
  *ret_stream = stream;
  return 0;
}

int asyncscope__debug_stream_create(asyncscope_debug_format_t format,
                                    const asyncscope_debug_options_t *options,
                                    asyncscope_debug_stream_t **ret_stream) {
  const asyncscope_debug_options_t defaults = {.internal = false};
  debug_snapshot_t *snapshot;
  int err = find_format(format) == NULL ? UV_EINVAL : 0;
  if (err == 0) {
    err = asyncscope__debug_snapshot_take(options == NULL ? &defaults : options,
                                          &snapshot);
  }
  return err != 0 ? err
                  : asyncscope__debug_stream_open(format, snapshot, ret_stream);
}

/* The text is its own state, and given in one step. */
static int text_step(void *state, debug_buffer_t *buffer) {
  return asyncscope__debug_append_text(buffer, state);
}

static void text_destroy(void *state) {
  (void)state;
}

static const debug_format_t format_text = {"text/plain; charset=utf-8", NULL,
                                           text_step, text_destroy};

int asyncscope__debug_stream_text(const char *text,
                                  asyncscope_debug_stream_t **ret_stream) {
  asyncscope_debug_stream_t *stream = async_calloc(1, sizeof(*stream));
  if (stream == NULL) {
    return UV_ENOMEM;
  }
  stream->format = &format_text;
  stream->state = (void *)(uintptr_t)text;
  stream->status = 1;
  *ret_stream = stream;
  return 0;
}

/* Whether the chunk takes more after this step. */
static bool step(asyncscope_debug_stream_t *stream) {
  size_t mark = stream->buffer.used_bytes;
  int status = stream->format->step(stream->state, &stream->buffer);
  if (status == UV_ENOBUFS && mark > 0) {
    stream->buffer.used_bytes = mark;
    return false;
  }
  stream->status = status;
  return status > 0;
}

int asyncscope_debug_stream_next(asyncscope_debug_stream_t *stream,
                                 const char **ret_chunk,
                                 size_t *ret_chunk_bytes) {
  stream->buffer.used_bytes = 0;
  while (stream->status > 0 && step(stream)) {
  }
  if (stream->status < 0) {
    return stream->status;
  }
  *ret_chunk = stream->buffer.bytes;
  *ret_chunk_bytes = stream->buffer.used_bytes;
  return 0;
}

uint64_t asyncscope_debug_stream_wait_ms(
    const asyncscope_debug_stream_t *stream) {
  (void)stream;
  return 0;
}

void asyncscope_debug_stream_destroy(asyncscope_debug_stream_t *stream) {
  if (stream == NULL) {
    return;
  }
  if (stream->state != NULL) {
    stream->format->destroy(stream->state);
  }
  asyncscope__debug_snapshot_destroy(stream->snapshot);
  async_free(stream);
}

const char *asyncscope__debug_content_type(asyncscope_debug_format_t format) {
  const debug_format_t *found = find_format(format);
  return found == NULL ? "application/octet-stream" : found->content_type;
}
