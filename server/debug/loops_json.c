/* /debug/loops as JSON: the threads that run a loop. */
#include "document.h"
#include "formats.h"
#include "json_threads.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct loops_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_threads_t threads;
} loops_json_t;

static int begin_loops(void *state, json_writer_t *writer) {
  (void)state;
  return asyncscope__json_open_array(writer, "loops");
}

static int write_loop(void *state, json_writer_t *writer) {
  loops_json_t *json = state;
  return asyncscope__debug_write_threads(&json->threads, writer);
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {asyncscope__debug_write_head, begin_loops,
                                      write_loop, end, NULL};

static int begin(void *state, debug_call_t *call) {
  loops_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->document =
      asyncscope__debug_document(parts, "loops", &json->capture, call->query);
  asyncscope__debug_threads_begin(&json->threads, &json->capture, call->query);
  json->threads.loops = true;
  return 0;
}

static void json_close(void *state) {
  loops_json_t *json = state;
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(loops_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_loops_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
