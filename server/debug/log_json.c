/* /debug/log?format=json: the lines that are kept now. */
#include "document.h"
#include "formats.h"
#include "json_fields.h"
#include "log_tail.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct log_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_log_tail_t tail;
} log_json_t;

static int begin_lines(void *state, json_writer_t *writer) {
  const log_json_t *json = state;
  int error = asyncscope__json_write(
      writer, "capacity", json_integer((json_int_t)json->tail.span.capacity));
  if (error == 0)
    error = asyncscope__json_write(
        writer, "written", json_integer((json_int_t)json->tail.span.next));
  return error == 0 ? asyncscope__json_open_array(writer, "lines") : error;
}

/* Those that came meanwhile are for the next answer. */
static int write_line(void *state, json_writer_t *writer) {
  log_json_t *json = state;
  debug_log_tail_t *tail = &json->tail;
  int status = asyncscope__debug_log_find(tail);
  if (status <= 0 || tail->line.number >= tail->span.next)
    return status < 0 ? status : 0;
  int error = asyncscope__json_write(writer, NULL,
                                     asyncscope__debug_log_object(&tail->line));
  if (error != 0)
    return error;
  asyncscope__debug_log_take(tail);
  return 1;
}

static int end(void *state, json_writer_t *writer) {
  const log_json_t *json = state;
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_write(
        writer, "dropped", json_integer((json_int_t)json->tail.dropped));
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {asyncscope__debug_write_head, begin_lines,
                                      write_line, end, NULL};

static int begin(void *state, debug_call_t *call) {
  log_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->document =
      asyncscope__debug_document(parts, "log", &json->capture, call->query);
  asyncscope__debug_log_begin(&json->tail, call->debug, call->query);
  return 0;
}

static void json_close(void *state) {
  log_json_t *json = state;
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(log_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_log_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
