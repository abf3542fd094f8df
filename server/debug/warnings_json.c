/* /debug/warnings as JSON. */
#include "document.h"
#include "formats.h"
#include "json_warnings.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct warnings_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_warnings_t warnings;
  const debug_query_t *query;
  size_t warning, kind;
} warnings_json_t;

static int prepare(void *state, json_writer_t *writer) {
  warnings_json_t *json = state;
  (void)writer;
  return asyncscope__debug_warnings_find(&json->warnings);
}

static int begin_warnings(void *state, json_writer_t *writer) {
  (void)state;
  return asyncscope__json_open_array(writer, "warnings");
}

static int write_warning(void *state, json_writer_t *writer) {
  warnings_json_t *json = state;
  return asyncscope__debug_write_warnings(&json->warnings, json->query,
                                          &json->warning, writer);
}

static int begin_kinds(void *state, json_writer_t *writer) {
  warnings_json_t *json = state;
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_write(
        writer, "dropped", json_integer((json_int_t)json->warnings.dropped));
  return error == 0 ? asyncscope__json_open_array(writer, "kinds") : error;
}

static int write_kind(void *state, json_writer_t *writer) {
  warnings_json_t *json = state;
  return asyncscope__debug_write_warning_kinds(&json->capture, &json->kind,
                                               writer);
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,
                                      asyncscope__debug_write_head,
                                      begin_warnings,
                                      write_warning,
                                      begin_kinds,
                                      write_kind,
                                      end,
                                      NULL};

static int begin(void *state, debug_call_t *call) {
  warnings_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->document = asyncscope__debug_document(parts, "warnings", &json->capture,
                                              call->query);
  json->query = call->query;
  asyncscope__debug_warnings_begin(&json->warnings, &json->capture);
  return 0;
}

static void json_close(void *state) {
  warnings_json_t *json = state;
  asyncscope__debug_warnings_finish(&json->warnings);
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(warnings_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_warnings_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
