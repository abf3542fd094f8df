/* /debug/requests as JSON. */
#include "document.h"
#include "formats.h"
#include "json_included.h"
#include "json_list.h"
#include "opening.h"
#include "requests.h"
#include "source.h"

#include "asyncscope/async_allocator.h"

typedef struct requests_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_requests_t requests;
  debug_included_t included;
  const debug_query_t *query;
} requests_json_t;

static int prepare(void *state, json_writer_t *writer) {
  requests_json_t *json = state;
  (void)writer;
  return asyncscope__debug_requests_build(&json->requests);
}

static int begin_list(void *state, json_writer_t *writer) {
  requests_json_t *json = state;
  uint64_t matched = json->requests.selection.matched;
  int error = asyncscope__json_write(writer, "matched",
                                     json_integer((json_int_t)matched));
  return error == 0 ? asyncscope__json_open_array(writer, "requests") : error;
}

static int write_request(void *state, json_writer_t *writer) {
  requests_json_t *json = state;
  return asyncscope__debug_write_requests(&json->requests, json->query, writer);
}

static int end_list(void *state, json_writer_t *writer) {
  requests_json_t *json = state;
  return asyncscope__debug_end_selection(&json->requests.selection, writer);
}

static int write_finished(void *state, json_writer_t *writer) {
  requests_json_t *json = state;
  return asyncscope__debug_write_finished(&json->included, writer);
}

static int end(void *state, json_writer_t *writer) {
  (void)state;
  return asyncscope__json_close(writer);
}

static const debug_part_cb parts[] = {prepare,    asyncscope__debug_write_head,
                                      begin_list, write_request,
                                      end_list,   write_finished,
                                      end,        NULL};

static int begin(void *state, debug_call_t *call) {
  requests_json_t *json = state;
  int error = asyncscope__debug_check_order(call);
  if (error == 0)
    error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->document = asyncscope__debug_document(parts, "requests", &json->capture,
                                              call->query);
  json->query = call->query;
  error = asyncscope__debug_requests_init(&json->requests, &json->capture,
                                          call->query);
  return error == 0 ? asyncscope__debug_included_init(
                          &json->included, &json->capture, call->query, true)
                    : error;
}

static void json_close(void *state) {
  requests_json_t *json = state;
  asyncscope__debug_included_finish(&json->included);
  asyncscope__debug_requests_finish(&json->requests);
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  unsigned states = call->query->request_states;
  if (states == (DEBUG_REQUEST_ACTIVE | DEBUG_REQUEST_FINISHED))
    return asyncscope__debug_refuse(call, 400, "one state= at a time");
  if (states == DEBUG_REQUEST_FINISHED) {
    call->format = &asyncscope__debug_finished_json;
    return call->format->open(call, ret_state);
  }
  return asyncscope__debug_open_state(call, sizeof(requests_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_requests_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
