/* /debug/resources as JSON: an element at a time, read when its turn comes. */
#include "document.h"
#include "formats.h"
#include "json_fields.h"
#include "json_list.h"
#include "json_resource.h"
#include "opening.h"
#include "source.h"

#include "asyncscope/async_allocator.h"

typedef struct resources_json_s {
  debug_document_t document;
  debug_source_t source;
} resources_json_t;

static int prepare(void *state, json_writer_t *writer) {
  resources_json_t *json = state;
  (void)writer;
  return asyncscope__debug_source_prepare(&json->source);
}

static int begin_list(void *state, json_writer_t *writer) {
  resources_json_t *json = state;
  uint64_t matched = json->source.selection.matched;
  int error = asyncscope__json_write(writer, "matched",
                                     json_integer((json_int_t)matched));
  return error == 0 ? asyncscope__json_open_array(writer, "resources") : error;
}

static int write_resource(void *state, json_writer_t *writer) {
  resources_json_t *json = state;
  debug_resource_t shown;
  return asyncscope__debug_write_resource(&json->source, writer, &shown);
}

static int end_list(void *state, json_writer_t *writer) {
  resources_json_t *json = state;
  int error = asyncscope__debug_end_selection(&json->source.selection, writer);
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,    asyncscope__debug_write_head,
                                      begin_list, write_resource,
                                      end_list,   NULL};

static int begin(void *state, debug_call_t *call) {
  resources_json_t *json = state;
  json->document = asyncscope__debug_document(
      parts, "resources", &json->source.capture, call->query);
  return asyncscope__debug_source_init(&json->source, call);
}

static void json_close(void *state) {
  resources_json_t *json = state;
  asyncscope__debug_source_finish(&json->source);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  if (asyncscope__debug_given(call->query, DEBUG_PARAM_GROUP_BY) &&
      call->query->group_by != DEBUG_GROUP_NONE) {
    call->format = &asyncscope__debug_groups_json;
    return call->format->open(call, ret_state);
  }
  return asyncscope__debug_open_state(call, sizeof(resources_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_resources_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
