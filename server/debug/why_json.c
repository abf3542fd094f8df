/* /debug/resources/KEY/why as JSON. */
#include "chain.h"
#include "document.h"
#include "formats.h"
#include "json_fields.h"
#include "json_resource.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct why_json_s {
  debug_document_t document;
  debug_chain_t chain;
  async_ref_t key;
  const debug_query_t *query;
} why_json_t;

static int prepare(void *state, json_writer_t *writer) {
  why_json_t *json = state;
  (void)writer;
  return asyncscope__debug_chain_build(&json->chain);
}

static json_t *question(const why_json_t *json) {
  bool trigger = json->chain.edge == DEBUG_EDGE_TRIGGER;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", json->key);
  asyncscope__json_put_text(&fields, "edge", trigger ? "trigger" : "execution");
  return asyncscope__json_end(&fields);
}

static int begin_chain(void *state, json_writer_t *writer) {
  int error = asyncscope__json_write_members(writer, question(state));
  return error == 0 ? asyncscope__json_open_array(writer, "chain") : error;
}

static int write_step(void *state, json_writer_t *writer) {
  why_json_t *json = state;
  debug_target_t step;
  if (!asyncscope__debug_chain_peek(&json->chain, &step))
    return 0;
  json_t *element = step.gone ? asyncscope__json_gone(&step.ancestor)
                              : asyncscope__json_resource(&json->chain.capture,
                                                          &step.resource);
  int error = asyncscope__json_write(
      writer, NULL, asyncscope__json_masked(element, json->query));
  if (error != 0)
    return error;
  asyncscope__debug_chain_take(&json->chain, &step);
  return 1;
}

/* Where it ended: the root, or what it would have gone on with. */
static json_t *ending(const debug_chain_t *chain) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(&fields, "end",
                            asyncscope__debug_chain_end_name(chain->end));
  asyncscope__json_put_key(&fields, "endKey", chain->next);
  return asyncscope__json_end(&fields);
}

static int end_chain(void *state, json_writer_t *writer) {
  why_json_t *json = state;
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_write_members(writer, ending(&json->chain));
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,     asyncscope__debug_write_head,
                                      begin_chain, write_step,
                                      end_chain,   NULL};

static int begin(void *state, debug_call_t *call) {
  why_json_t *json = state;
  json->document = asyncscope__debug_document(
      parts, "why", &json->chain.capture, call->query);
  json->key = call->key;
  json->query = call->query;
  return asyncscope__debug_chain_init(&json->chain, call);
}

static void json_close(void *state) {
  why_json_t *json = state;
  asyncscope__debug_chain_finish(&json->chain);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(why_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_why_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
