#include "sse_data.h"

static int flush(debug_sse_data_t *data, debug_buffer_t *buffer) {
  debug_buffer_t *line = &data->line;
  if (line->used_bytes > 0 && line->bytes[line->used_bytes - 1] == '\n')
    line->used_bytes--;
  int error = 0;
  if (line->used_bytes > 0)
    error = asyncscope__debug_append_text(buffer, "data: ");
  if (error == 0 && line->used_bytes > 0)
    error = asyncscope__debug_append(buffer, line->bytes, line->used_bytes);
  if (error == 0 && line->used_bytes > 0)
    error = asyncscope__debug_append_text(buffer, "\n");
  if (error == 0 && data->ended)
    error = asyncscope__debug_append_text(buffer, "\n");
  if (error == 0)
    line->used_bytes = 0;
  return error;
}

int asyncscope__debug_sse_data(debug_sse_data_t *data,
                               int (*step)(void *state, debug_buffer_t *buffer),
                               void *state, debug_buffer_t *buffer) {
  if (data->line.used_bytes == 0 && !data->ended) {
    int status = step(state, &data->line);
    if (status < 0)
      return status;
    data->ended = status == 0;
  }
  int error = flush(data, buffer);
  if (error != 0)
    return error;
  if (!data->ended)
    return 1;
  data->ended = false;
  return 0;
}
