/* /debug/resources/KEY as JSON: the resource, what it caused, and who else
 * holds its context. */
#include "document.h"
#include "formats.h"
#include "json_fields.h"
#include "json_resource.h"
#include "json_warnings.h"
#include "opening.h"
#include "target.h"
#include "walk.h"

#include "asyncscope/async_allocator.h"

#define KEYS_SHOWN 100

/* Some of those that stand in one relation to the resource, and how many there
 * are. */
typedef struct related_s {
  uint64_t count;
  async_ref_t keys[KEYS_SHOWN];
} related_t;

typedef struct resource_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_target_t target;
  async_ref_t key;
  debug_walk_t walk;
  const debug_query_t *query;
  related_t children, holders;
  bool related;
  debug_warnings_t warnings;
  size_t warning;
} resource_json_t;

static void relate(related_t *related, const async_resource_info_t *info) {
  if (related->count < KEYS_SHOWN)
    related->keys[related->count] = asyncscope__debug_ref(info);
  related->count++;
}

static int look(void *arg, size_t thread, const async_resource_info_t *info) {
  resource_json_t *json = arg;
  const async_resource_info_t *own = &json->target.resource.info;
  bool internal =
      json->query->internal || json->capture.debug->options.internal;
  (void)thread;
  if (info->internal && !internal)
    return 0;
  if (asyncscope__debug_same_ref(info->trigger, json->key))
    relate(&json->children, info);
  if (!json->target.gone && own->frame != 0 && info->frame == own->frame &&
      info->thread == own->thread && info->async_id != own->async_id)
    relate(&json->holders, info);
  return 0;
}

static int prepare(void *state, json_writer_t *writer) {
  resource_json_t *json = state;
  (void)writer;
  int error =
      json->related ? 0 : asyncscope__debug_walk_slice(&json->walk, look, json);
  json->related = json->related || error == 0;
  return error == 0 ? asyncscope__debug_warnings_find(&json->warnings) : error;
}

static json_t *target_object(const resource_json_t *json) {
  json_t *object =
      json->target.gone
          ? asyncscope__json_gone(&json->target.ancestor)
          : asyncscope__json_resource(&json->capture, &json->target.resource);
  return asyncscope__json_masked(object, json->query);
}

static int write_resource(void *state, json_writer_t *writer) {
  return asyncscope__json_write(writer, "resource", target_object(state));
}

static json_t *keys_of(const related_t *related) {
  json_t *keys = json_array();
  for (size_t i = 0; i < related->count && i < KEYS_SHOWN; i++)
    if (json_array_append_new(keys, asyncscope__json_key(related->keys[i])) !=
        0) {
      json_decref(keys);
      return NULL;
    }
  return keys;
}

static json_t *related_object(const related_t *related) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "count", related->count);
  asyncscope__json_put(&fields, "keys", keys_of(related));
  return asyncscope__json_end(&fields);
}

static int write_related(void *state, json_writer_t *writer) {
  resource_json_t *json = state;
  int error = asyncscope__json_write(writer, "children",
                                     related_object(&json->children));
  if (error == 0 && !json->target.gone)
    error = asyncscope__json_write(writer, "contextHolders",
                                   related_object(&json->holders));
  return error == 0 ? asyncscope__json_open_array(writer, "warnings") : error;
}

static int write_warning(void *state, json_writer_t *writer) {
  resource_json_t *json = state;
  return asyncscope__debug_write_warnings(&json->warnings, json->query,
                                          &json->warning, writer);
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,
                                      asyncscope__debug_write_head,
                                      write_resource,
                                      write_related,
                                      write_warning,
                                      end,
                                      NULL};

static int begin(void *state, debug_call_t *call) {
  resource_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->document = asyncscope__debug_document(parts, "resource", &json->capture,
                                              call->query);
  json->walk = asyncscope__debug_walk_all(&json->capture);
  json->key = call->key;
  json->query = call->query;
  asyncscope__debug_warnings_begin(&json->warnings, &json->capture);
  json->warnings.focus = call->key;
  return asyncscope__debug_find_target(call, &json->capture, &json->target);
}

static void json_close(void *state) {
  resource_json_t *json = state;
  asyncscope__debug_warnings_finish(&json->warnings);
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(resource_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_resource_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
