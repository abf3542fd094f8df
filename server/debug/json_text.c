/* format=text of every path whose answer is JSON: that answer, as lines. */
#include "endpoint.h"
#include "formats.h"
#include "json_lines.h"

#include "asyncscope/async_allocator.h"

typedef struct json_text_s {
  const debug_format_t *json;
  void *state; /* of `json` */
  int status;  /* of its last step */
  size_t at;   /* of the piece, what is read */
  debug_buffer_t piece;
  json_lines_t lines;
} json_text_t;

static bool has_room(const debug_buffer_t *buffer) {
  return sizeof(buffer->bytes) - buffer->used_bytes >= DEBUG_LINES_ROOM;
}

/* The next piece of the document. */
static int fetch(json_text_t *text) {
  text->at = 0;
  text->piece.used_bytes = 0;
  text->status = text->json->step(text->state, &text->piece);
  if (text->status < 0)
    text->piece.used_bytes = 0;
  return text->status < 0 ? text->status : 0;
}

static int text_step(void *state, debug_buffer_t *buffer) {
  json_text_t *text = state;
  if (!has_room(buffer))
    return UV_ENOBUFS;
  if (text->at == text->piece.used_bytes) {
    int error = text->status == 0 ? 0 : fetch(text);
    if (error != 0)
      return error;
  }
  while (text->at < text->piece.used_bytes && has_room(buffer))
    asyncscope__json_lines_take(&text->lines, text->piece.bytes[text->at++],
                                buffer);
  return text->at < text->piece.used_bytes || text->status > 0;
}

static void text_close(void *state) {
  json_text_t *text = state;
  text->json->close(text->state);
  async_free(text);
}

static uint64_t text_wait_ms(const void *state) {
  const json_text_t *text = state;
  return text->json->wait_ms == NULL ? 0 : text->json->wait_ms(text->state);
}

/* The first of the path's formats is JSON, and may leave the answer to
 * another. */
static int text_open(debug_call_t *call, void **ret_state) {
  json_text_t *text = async_calloc(1, sizeof(*text));
  int error = UV_ENOMEM;
  if (text != NULL) {
    call->format = call->endpoint->formats[0];
    error = call->format->open(call, &text->state);
    text->json = call->format;
    text->status = 1;
    call->format = &asyncscope__debug_json_text;
  }
  if (error != 0)
    async_free(text);
  else
    *ret_state = text;
  return error;
}

const debug_format_t asyncscope__debug_json_text = {
    "text", DEBUG_TEXT_TYPE, text_open, text_step, text_close, text_wait_ms};
