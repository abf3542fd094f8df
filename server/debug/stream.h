/* What a format is to the stream that pulls from it. */
#ifndef ASYNCSCOPE_DEBUG_STREAM_H
#define ASYNCSCOPE_DEBUG_STREAM_H

#include "buffer.h"
#include "snapshot.h"

typedef enum asyncscope_debug_format_e {
  ASYNCSCOPE_DEBUG_JSON, /* docs/debug.schema.json */
  ASYNCSCOPE_DEBUG_TREE  /* text by trigger, for a terminal */
} asyncscope_debug_format_t;

typedef struct debug_format_s {
  const char *content_type;
  /* `snapshot` outlives the state. Errors: UV_ENOMEM. */
  int (*create)(const debug_snapshot_t *snapshot, void **ret_state);
  /* Appends the next element: 1 when there is more, 0 when that was the last,
   * UV_ENOBUFS when it did not fit and has to be asked for again, UV_ENOMEM. */
  int (*step)(void *state, debug_buffer_t *buffer);
  void (*destroy)(void *state);
} debug_format_t;

extern const debug_format_t asyncscope__debug_format_json;
extern const debug_format_t asyncscope__debug_format_tree;

/* Takes `snapshot` over, also when it fails. Errors: UV_ENOMEM, UV_EINVAL. */
int asyncscope__debug_stream_open(asyncscope_debug_format_t format,
                                  debug_snapshot_t *snapshot,
                                  asyncscope_debug_stream_t **ret_stream);

/* Copies the state of all threads now and formats the copy. Errors:
 * UV_ENOMEM, UV_EINVAL. */
int asyncscope__debug_stream_create(asyncscope_debug_format_t format,
                                    const asyncscope_debug_options_t *options,
                                    asyncscope_debug_stream_t **ret_stream);

/* Gives `text`, which is static. Errors: UV_ENOMEM. */
int asyncscope__debug_stream_text(const char *text,
                                  asyncscope_debug_stream_t **ret_stream);

/* Static. */
const char *asyncscope__debug_content_type(asyncscope_debug_format_t format);

#endif
