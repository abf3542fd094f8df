/* /debug/threads as JSON. */
#include "document.h"
#include "formats.h"
#include "json_pool.h"
#include "json_threads.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct threads_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_threads_t threads;
  size_t pool;
} threads_json_t;

static int begin_threads(void *state, json_writer_t *writer) {
  (void)state;
  return asyncscope__json_open_array(writer, "threads");
}

static int write_thread(void *state, json_writer_t *writer) {
  threads_json_t *json = state;
  return asyncscope__debug_write_threads(&json->threads, writer);
}

static int begin_pools(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_open_array(writer, "pools") : error;
}

static int write_pool(void *state, json_writer_t *writer) {
  threads_json_t *json = state;
  return asyncscope__debug_write_pool(
      &json->capture, &json->pool,
      (json->threads.query->include & DEBUG_INCLUDE_HISTOGRAMS) != 0, writer);
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {asyncscope__debug_write_head,
                                      begin_threads,
                                      write_thread,
                                      begin_pools,
                                      write_pool,
                                      end,
                                      NULL};

static int begin(void *state, debug_call_t *call) {
  threads_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->document =
      asyncscope__debug_document(parts, "threads", &json->capture, call->query);
  asyncscope__debug_threads_begin(&json->threads, &json->capture, call->query);
  return 0;
}

static void json_close(void *state) {
  threads_json_t *json = state;
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(threads_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_threads_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
