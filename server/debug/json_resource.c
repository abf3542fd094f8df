#include "json_resource.h"

#include "json_fields.h"
#include "uv_type.h"

const char *const asyncscope__debug_resource_fields[] = {"key",
                                                         "asyncId",
                                                         "type",
                                                         "uvType",
                                                         "name",
                                                         "state",
                                                         "triggerAsyncId",
                                                         "trigger",
                                                         "executionAsyncId",
                                                         "execution",
                                                         "requestId",
                                                         "thread",
                                                         "ref",
                                                         "site",
                                                         "ageUs",
                                                         "queuedUs",
                                                         "runUs",
                                                         "callbacks",
                                                         "frame",
                                                         "stores",
                                                         "internal",
                                                         NULL};

static json_t *stores(const debug_capture_t *capture, uint32_t bits) {
  json_t *names = json_array();
  for (uint32_t slot = 0; slot < DEBUG_STORES; slot++)
    if ((bits >> slot & 1) != 0 &&
        json_array_append_new(
            names, asyncscope__json_text(capture->store_names[slot])) != 0) {
      json_decref(names);
      return NULL;
    }
  return names;
}

void asyncscope__json_put_causes(json_fields_t *fields, async_ref_t trigger,
                                 async_ref_t execution) {
  asyncscope__json_put_integer(fields, "triggerAsyncId", trigger.async_id);
  asyncscope__json_put_key(fields, "trigger", trigger);
  asyncscope__json_put_integer(fields, "executionAsyncId", execution.async_id);
  asyncscope__json_put_key(fields, "execution", execution);
}

static void put_causes(json_fields_t *fields,
                       const async_resource_info_t *info) {
  asyncscope__json_put_causes(fields, info->trigger,
                              asyncscope__debug_execution(info));
  asyncscope__json_put_request(fields, "requestId", info->request);
}

static void put_times(json_fields_t *fields, const debug_capture_t *capture,
                      const debug_resource_t *resource) {
  asyncscope__json_put_unsigned(fields, "ageUs",
                                asyncscope__debug_age_us(capture, resource));
  if (resource->task && resource->state != DEBUG_IDLE)
    asyncscope__json_put_unsigned(
        fields, "queuedUs", asyncscope__debug_queued_us(capture, resource));
  asyncscope__json_put_unsigned(fields, "runUs",
                                asyncscope__debug_run_us(capture, resource));
  asyncscope__json_put_unsigned(fields, "callbacks", resource->info.callbacks);
}

static void put_context(json_fields_t *fields, const debug_capture_t *capture,
                        const async_resource_info_t *info) {
  if (info->frame != 0)
    asyncscope__json_put_unsigned(fields, "frame", info->frame);
  asyncscope__json_put(fields, "stores", stores(capture, info->storages));
  if (info->internal)
    asyncscope__json_put_bool(fields, "internal", true);
}

json_t *asyncscope__json_resource(const debug_capture_t *capture,
                                  const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", asyncscope__debug_ref(info));
  asyncscope__json_put_integer(&fields, "asyncId", info->async_id);
  asyncscope__json_put_text(&fields, "type", info->type);
  asyncscope__json_put_name(&fields, "uvType",
                            asyncscope__debug_uv_type(info->type));
  asyncscope__json_put_name(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "state",
                            asyncscope__debug_state_name(resource->state));
  put_causes(&fields, info);
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_bool(&fields, "ref", info->ref);
  asyncscope__json_put_site(&fields, "site", info->site);
  put_times(&fields, capture, resource);
  put_context(&fields, capture, info);
  return asyncscope__json_end(&fields);
}

void asyncscope__json_put_present(json_fields_t *fields,
                                  const debug_capture_t *capture,
                                  const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  asyncscope__json_put_name(fields, "name", info->name);
  asyncscope__json_put_text(fields, "state",
                            asyncscope__debug_state_name(resource->state));
  asyncscope__json_put_request(fields, "requestId", info->request);
  asyncscope__json_put_bool(fields, "ref", info->ref);
  put_context(fields, capture, info);
}

json_t *asyncscope__json_gone(const debug_gone_t *gone) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", gone->ref);
  asyncscope__json_put_integer(&fields, "asyncId", gone->ref.async_id);
  asyncscope__json_put_unsigned(&fields, "thread", gone->ref.thread);
  asyncscope__json_put_bool(&fields, "gone", true);
  asyncscope__json_put_name(&fields, "type", gone->type);
  asyncscope__json_put_key(&fields, "trigger", gone->trigger);
  asyncscope__json_put_key(&fields, "execution", gone->execution);
  asyncscope__json_put_site(&fields, "site", gone->site);
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_states(const uint64_t counts[DEBUG_STATES]) {
  json_fields_t fields = asyncscope__json_begin();
  for (unsigned i = 0; i < DEBUG_STATES; i++)
    if (counts[i] > 0)
      asyncscope__json_put_unsigned(
          &fields, asyncscope__debug_state_name((debug_state_t)i), counts[i]);
  return asyncscope__json_end(&fields);
}

static bool is_shown(const debug_globs_t *fields, const char *name) {
  return asyncscope__debug_globs_match(fields, name);
}

json_t *asyncscope__json_masked(json_t *object, const debug_query_t *query) {
  const char *key;
  json_t *value;
  void *next;
  if (object == NULL || !asyncscope__debug_given(query, DEBUG_PARAM_FIELDS))
    return object;
  json_object_foreach_safe(object, next, key, value) {
    if (!is_shown(&query->fields, key))
      json_object_del(object, key);
  }
  return object;
}
