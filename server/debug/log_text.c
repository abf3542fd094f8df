/* /debug/log?format=text: the lines that are kept now, for a terminal. */
#include "endpoint.h"
#include "formats.h"
#include "log_tail.h"
#include "opening.h"
#include "recorded.h"
#include "text.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>

typedef struct log_text_s {
  debug_capture_t capture;
  debug_log_tail_t tail;
} log_text_t;

static int put_line(const debug_log_line_t *line, debug_buffer_t *buffer) {
  struct timespec at = asyncscope__debug_log_time(line);
  char text[4 * ASYNCSCOPE_DEBUG_LOG_BYTES + 1];
  char time[DEBUG_TIME_BYTES];
  char request[24] = "-";
  asyncscope__debug_time(&at, time);
  asyncscope__debug_printable_all(line->text, line->text_bytes, text);
  if (line->request != 0)
    snprintf(request, sizeof(request), "r%" PRIu64, line->request);
  return asyncscope__debug_appendf(buffer, "%s %-5s %-6s %s\n", time,
                                   asyncscope__debug_level_name(line->level),
                                   request, text);
}

static int put_dropped(debug_log_tail_t *tail, debug_buffer_t *buffer) {
  if (tail->dropped == 0)
    return 0;
  int error = asyncscope__debug_appendf(
      buffer, "%" PRIu64 " lines were overwritten meanwhile\n", tail->dropped);
  if (error == 0)
    tail->dropped = 0;
  return error;
}

static int put_end(const log_text_t *text, debug_buffer_t *buffer) {
  const debug_log_span_t *span = &text->tail.span;
  int error = asyncscope__debug_appendf(
      buffer, "%" PRIu64 " lines written, the last %zu are kept\n", span->next,
      span->capacity);
  return error == 0
             ? asyncscope__debug_append_recorded(&text->capture, "", buffer)
             : error;
}

static int text_step(void *state, debug_buffer_t *buffer) {
  log_text_t *text = state;
  debug_log_tail_t *tail = &text->tail;
  int status = asyncscope__debug_log_find(tail);
  int error = put_dropped(tail, buffer);
  if (status < 0 || error != 0)
    return error != 0 ? error : status;
  if (status == 0 || tail->line.number >= tail->span.next)
    return put_end(text, buffer);
  error = put_line(&tail->line, buffer);
  if (error != 0)
    return error;
  asyncscope__debug_log_take(tail);
  return 1;
}

static int begin(void *state, debug_call_t *call) {
  log_text_t *text = state;
  asyncscope__debug_log_begin(&text->tail, call->debug, call->query);
  return asyncscope__debug_open_capture(&text->capture, call);
}

static void text_close(void *state) {
  log_text_t *text = state;
  asyncscope__debug_capture_finish(&text->capture);
  async_free(text);
}

static int text_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(log_text_t), begin,
                                      text_close, ret_state);
}

const debug_format_t asyncscope__debug_log_text = {
    "text", DEBUG_TEXT_TYPE, text_open, text_step, text_close, NULL};
