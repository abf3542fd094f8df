/* The elements that show threads, resources, ancestors and requests. */
#include "json_element.h"

#include "json_fields.h"

static json_t *stack(const async_env_info_t *info) {
  json_t *ids = json_array();
  for (size_t i = 0; i < info->stack_depth && i < ASYNC_STACK_PUBLISHED; i++) {
    if (json_array_append_new(ids, json_integer(info->stack[i].async_id)) !=
        0) {
      json_decref(ids);
      return NULL;
    }
  }
  return ids;
}

static json_t *current(const debug_snapshot_t *snapshot,
                       const debug_thread_t *thread,
                       const async_stack_entry_t *entry) {
  async_ref_t ref = {thread->info.thread, entry->async_id};
  const debug_resource_t *resource =
      asyncscope__debug_find_resource(snapshot, ref);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", ref);
  asyncscope__json_put_integer(&fields, "asyncId", entry->async_id);
  if (resource != NULL) {
    asyncscope__json_put_request(&fields, "requestId", resource->info.request);
  }
  asyncscope__json_put_unsigned(
      &fields, "sinceUs",
      asyncscope__debug_elapsed_us(entry->since_ns, thread->captured_ns));
  return asyncscope__json_end(&fields);
}

static void put_stack(json_fields_t *fields, const debug_snapshot_t *snapshot,
                      const debug_thread_t *thread) {
  const async_stack_entry_t *entry = asyncscope__debug_current(thread);
  if (entry != NULL) {
    asyncscope__json_put(fields, "current", current(snapshot, thread, entry));
  }
  asyncscope__json_put(fields, "executionStack", stack(&thread->info));
  if (thread->info.stack_depth > ASYNC_STACK_PUBLISHED) {
    asyncscope__json_put_unsigned(fields, "executionStackDepth",
                                  thread->info.stack_depth);
  }
}

static void put_loop(json_fields_t *fields, const async_env_info_t *info) {
  json_fields_t loop = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&loop, "iterations", info->loop_iterations);
  asyncscope__json_put(fields, "loop", asyncscope__json_end(&loop));
}

static json_t *thread_counts(const async_env_info_t *info) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "created", info->resources_created);
  asyncscope__json_put_unsigned(&fields, "destroyed",
                                info->resources_destroyed);
  asyncscope__json_put_unsigned(&fields, "destroysPending",
                                info->destroys_pending);
  asyncscope__json_put_unsigned(&fields, "scopesEntered", info->scopes_entered);
  asyncscope__json_put_unsigned(&fields, "recordBytes", info->record_bytes);
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_thread(const debug_snapshot_t *snapshot,
                                const debug_thread_t *thread) {
  const async_env_info_t *info = &thread->info;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_text(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "kind",
                            asyncscope__debug_kind_name(info->kind));
  asyncscope__json_put_integer(&fields, "osTid", info->os_tid);
  put_stack(&fields, snapshot, thread);
  if (info->kind == ASYNC_ENV_LOOP) {
    put_loop(&fields, info);
  }
  asyncscope__json_put(&fields, "counts", thread_counts(info));
  return asyncscope__json_end(&fields);
}

static json_t *stores(const debug_snapshot_t *snapshot, uint32_t bits) {
  json_t *names = json_array();
  for (uint32_t slot = 0; slot < DEBUG_STORES; slot++) {
    if ((bits >> slot & 1) != 0 &&
        json_array_append_new(
            names, asyncscope__json_text(snapshot->store_names[slot])) != 0) {
      json_decref(names);
      return NULL;
    }
  }
  return names;
}

static void put_causes(json_fields_t *fields,
                       const async_resource_info_t *info) {
  async_ref_t execution = {info->thread, info->execution_async_id};
  asyncscope__json_put_integer(fields, "triggerAsyncId",
                               info->trigger_async_id);
  asyncscope__json_put_key(fields, "trigger", info->trigger);
  asyncscope__json_put_integer(fields, "executionAsyncId",
                               info->execution_async_id);
  asyncscope__json_put_key(fields, "execution", execution);
  asyncscope__json_put_request(fields, "requestId", info->request);
}

static void put_times(json_fields_t *fields, const debug_snapshot_t *snapshot,
                      const debug_resource_t *resource) {
  asyncscope__json_put_unsigned(fields, "ageUs",
                                asyncscope__debug_age_us(snapshot, resource));
  asyncscope__json_put_unsigned(fields, "runUs",
                                asyncscope__debug_run_us(snapshot, resource));
  asyncscope__json_put_unsigned(fields, "callbacks", resource->info.callbacks);
}

json_t *asyncscope__json_resource(const debug_snapshot_t *snapshot,
                                  const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", asyncscope__debug_ref(resource));
  asyncscope__json_put_integer(&fields, "asyncId", info->async_id);
  asyncscope__json_put_text(&fields, "type", info->type);
  asyncscope__json_put_name(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "state",
                            asyncscope__debug_state_name(resource->state));
  put_causes(&fields, info);
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_bool(&fields, "ref", info->ref);
  asyncscope__json_put_site(&fields, "site", info->site);
  put_times(&fields, snapshot, resource);
  asyncscope__json_put(&fields, "stores", stores(snapshot, info->storages));
  if (info->internal) {
    asyncscope__json_put_bool(&fields, "internal", true);
  }
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_gone(const debug_gone_t *gone) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", gone->ref);
  asyncscope__json_put_integer(&fields, "asyncId", gone->ref.async_id);
  asyncscope__json_put_unsigned(&fields, "thread", gone->ref.thread);
  asyncscope__json_put_bool(&fields, "gone", true);
  asyncscope__json_put_name(&fields, "type", gone->type);
  asyncscope__json_put_key(&fields, "trigger", gone->trigger);
  asyncscope__json_put_site(&fields, "site", gone->site);
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_request(const debug_snapshot_t *snapshot,
                                 const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  size_t live = info->request == 0
                    ? 1
                    : asyncscope__debug_request_live(snapshot, info->request);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_request(&fields, "requestId", info->request);
  asyncscope__json_put_text(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "state", "active");
  asyncscope__json_put_integer(&fields, "rootAsyncId", info->async_id);
  asyncscope__json_put_key(&fields, "key", asyncscope__debug_ref(resource));
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_unsigned(&fields, "ageUs",
                                asyncscope__debug_age_us(snapshot, resource));
  asyncscope__json_put_unsigned(&fields, "live", live);
  return asyncscope__json_end(&fields);
}
