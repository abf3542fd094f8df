/* /debug/history: how the process has been doing, before anybody asked. */
#include "document.h"
#include "formats.h"
#include "json_points.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct history_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_points_t points;
} history_json_t;

static int begin_seconds(void *state, json_writer_t *writer) {
  (void)state;
  return asyncscope__json_open_array(writer, "seconds");
}

static int write_point(void *state, json_writer_t *writer) {
  history_json_t *json = state;
  return asyncscope__debug_write_point(&json->points, writer);
}

static int begin_minutes(void *state, json_writer_t *writer) {
  history_json_t *json = state;
  int error = asyncscope__json_close(writer);
  json->points = (debug_points_t){&json->capture, DEBUG_HISTORY_MINUTES, 0};
  return error == 0 ? asyncscope__json_open_array(writer, "minutes") : error;
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {asyncscope__debug_write_head,
                                      begin_seconds,
                                      write_point,
                                      begin_minutes,
                                      write_point,
                                      end,
                                      NULL};

static int begin(void *state, debug_call_t *call) {
  history_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->document =
      asyncscope__debug_document(parts, "history", &json->capture, call->query);
  json->points = (debug_points_t){&json->capture, DEBUG_HISTORY_SECONDS, 0};
  return 0;
}

static void json_close(void *state) {
  history_json_t *json = state;
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(history_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_history_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
