/* /debug/log?format=text: the lines that are kept now, for a terminal. */
#include "endpoint.h"
#include "formats.h"
#include "log_tail.h"
#include "text.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>

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

static int put_end(const debug_log_tail_t *tail, debug_buffer_t *buffer) {
  return asyncscope__debug_appendf(
      buffer, "%" PRIu64 " lines written, the last %zu are kept\n",
      tail->span.next, tail->span.capacity);
}

static int text_step(void *state, debug_buffer_t *buffer) {
  debug_log_tail_t *tail = state;
  int status = asyncscope__debug_log_find(tail);
  int error = put_dropped(tail, buffer);
  if (status < 0 || error != 0)
    return error != 0 ? error : status;
  if (status == 0 || tail->line.number >= tail->span.next)
    return put_end(tail, buffer);
  error = put_line(&tail->line, buffer);
  if (error != 0)
    return error;
  asyncscope__debug_log_take(tail);
  return 1;
}

static int text_open(debug_call_t *call, void **ret_state) {
  debug_log_tail_t *tail = async_calloc(1, sizeof(*tail));
  if (tail == NULL)
    return UV_ENOMEM;
  asyncscope__debug_log_begin(tail, call->debug, call->query);
  *ret_state = tail;
  return 0;
}

const debug_format_t asyncscope__debug_log_text = {
    "text", DEBUG_TEXT_TYPE, text_open, text_step, async_free, NULL};
