/* /debug/requests/ID as JSON: its account, in flight or among the last ended,
 * and what lives for it. */
#include "document.h"
#include "formats.h"
#include "json_account.h"
#include "json_list.h"
#include "opening.h"
#include "source.h"

#include "asyncscope/async_allocator.h"

typedef struct request_json_s {
  debug_document_t document;
  debug_query_t query; /* of what lives for it */
  debug_source_t source;
  async_request_info_t account;
} request_json_t;

static int prepare(void *state, json_writer_t *writer) {
  request_json_t *json = state;
  (void)writer;
  return asyncscope__debug_source_prepare(&json->source);
}

static int begin_list(void *state, json_writer_t *writer) {
  request_json_t *json = state;
  uint64_t matched = json->source.selection.matched;
  int error = asyncscope__json_write(
      writer, "request",
      asyncscope__json_account(&json->source.capture, &json->account));
  if (error == 0)
    error = asyncscope__json_write(writer, "matched",
                                   json_integer((json_int_t)matched));
  return error == 0 ? asyncscope__json_open_array(writer, "resources") : error;
}

static int write_resource(void *state, json_writer_t *writer) {
  request_json_t *json = state;
  debug_resource_t shown;
  return asyncscope__debug_write_resource(&json->source, writer, &shown);
}

static int end_list(void *state, json_writer_t *writer) {
  request_json_t *json = state;
  int error = asyncscope__debug_end_selection(&json->source.selection, writer);
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,    asyncscope__debug_write_head,
                                      begin_list, write_resource,
                                      end_list,   NULL};

static int begin(void *state, debug_call_t *call) {
  request_json_t *json = state;
  json->query = *call->query;
  json->query.given |= DEBUG_TAKES(DEBUG_PARAM_REQUEST);
  json->query.requests = (debug_numbers_t){1, {call->request}};
  debug_call_t own = *call;
  own.query = &json->query;
  int error = asyncscope__debug_source_init(&json->source, &own);
  if (error != 0)
    return error;
  json->document = asyncscope__debug_document(
      parts, "request", &json->source.capture, call->query);
  if (asyncscope__debug_find_account(&json->source.capture, call->request,
                                     &json->account))
    return 0;
  return asyncscope__debug_refuse(
      call, 404, "no request of this id is in flight or among the last ended");
}

static void json_close(void *state) {
  request_json_t *json = state;
  asyncscope__debug_source_finish(&json->source);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(request_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_request_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
