#include "json_fields.h"
#include "json_threads.h"
#include "json_times.h"

static json_t *stack(const async_env_info_t *info) {
  json_t *ids = json_array();
  for (size_t i = 0; i < info->stack_depth && i < ASYNC_STACK_PUBLISHED; i++)
    if (json_array_append_new(ids, json_integer(info->stack[i].async_id)) !=
        0) {
      json_decref(ids);
      return NULL;
    }
  return ids;
}

/* What the record says, where it was still there. */
static void put_record(json_fields_t *fields,
                       const async_resource_info_t *info) {
  if (info->async_id == 0)
    return;
  asyncscope__json_put_name(fields, "type", info->type);
  asyncscope__json_put_name(fields, "name", info->name);
  asyncscope__json_put_request(fields, "requestId", info->request);
  asyncscope__json_put_site(fields, "site", info->site);
}

json_t *asyncscope__json_stack_entry(const debug_thread_t *thread, size_t entry,
                                     const debug_thread_ids_t *ids) {
  const async_stack_entry_t *on_stack = &thread->info.stack[entry];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(
      &fields, "key", (async_ref_t){thread->info.thread, on_stack->async_id});
  asyncscope__json_put_integer(&fields, "asyncId", on_stack->async_id);
  put_record(&fields, &ids->stack[entry]);
  asyncscope__json_put_unsigned(
      &fields, "sinceUs",
      asyncscope__debug_elapsed_us(on_stack->since_ns, thread->captured_ns));
  return asyncscope__json_end(&fields);
}

static void put_stack(json_fields_t *fields, const debug_thread_t *thread,
                      const debug_thread_ids_t *ids) {
  size_t depth = thread->info.stack_depth;
  if (asyncscope__debug_current(thread) != NULL)
    asyncscope__json_put(fields, "current",
                         asyncscope__json_stack_entry(thread, depth - 1, ids));
  asyncscope__json_put(fields, "executionStack", stack(&thread->info));
  if (depth > ASYNC_STACK_PUBLISHED)
    asyncscope__json_put_unsigned(fields, "executionStackDepth", depth);
}

static void put_loop(json_fields_t *fields, const debug_thread_t *thread,
                     bool histograms) {
  async_histogram_t busy = {0};
  async_loop_info_t info;
  json_fields_t loop = asyncscope__json_begin();
  async_inspect_loop(thread->env, &info, &busy);
  asyncscope__json_put_unsigned(&loop, "iterations",
                                thread->info.loop_iterations);
  if (info.attached_ns != 0) {
    asyncscope__json_put_unsigned(&loop, "idleUs", info.idle_ns / 1000);
    asyncscope__json_put(&loop, "utilization", json_real(info.utilization));
    asyncscope__json_put_bool(&loop, "waiting", info.waiting);
    asyncscope__json_put_unsigned(&loop, "activeHandles", info.active_handles);
    asyncscope__json_put_unsigned(&loop, "activeRequests",
                                  info.active_requests);
    asyncscope__json_put_unsigned(&loop, "turnUs", info.turn_ns / 1000);
    asyncscope__json_put(&loop, "lagUs",
                         asyncscope__json_times(&busy, histograms));
  }
  if (info.has_events) {
    asyncscope__json_put_unsigned(&loop, "events", info.events);
    asyncscope__json_put_unsigned(&loop, "eventsWaiting", info.events_waiting);
  }
  asyncscope__json_put(fields, "loop", asyncscope__json_end(&loop));
}

void asyncscope__json_put_internal(json_fields_t *fields,
                                   const async_env_info_t *info) {
  json_fields_t internal = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&internal, "created", info->internal_created);
  asyncscope__json_put_unsigned(&internal, "destroyed",
                                info->internal_destroyed);
  asyncscope__json_put(fields, "internal", asyncscope__json_end(&internal));
}

void asyncscope__json_put_memory(json_fields_t *fields,
                                 const async_env_info_t *info) {
  asyncscope__json_put_unsigned(fields, "recordBytes", info->record_bytes);
  asyncscope__json_put_unsigned(fields, "nameBytes", info->name_bytes);
  asyncscope__json_put_unsigned(fields, "requestBytes", info->request_bytes);
  asyncscope__json_put_unsigned(fields, "recorderBytes", info->recorder_bytes);
}

static json_t *counts(const async_env_info_t *info,
                      const debug_thread_ids_t *ids) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "live", ids->live);
  asyncscope__json_put_unsigned(&fields, "created", info->resources_created);
  asyncscope__json_put_unsigned(&fields, "destroyed",
                                info->resources_destroyed);
  asyncscope__json_put_unsigned(&fields, "destroysPending",
                                info->destroys_pending);
  asyncscope__json_put_internal(&fields, info);
  asyncscope__json_put_unsigned(&fields, "scopesEntered", info->scopes_entered);
  asyncscope__json_put_memory(&fields, info);
  return asyncscope__json_end(&fields);
}

json_t *asyncscope__json_thread(const debug_thread_t *thread,
                                const debug_thread_ids_t *ids,
                                bool histograms) {
  const async_env_info_t *info = &thread->info;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_text(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "kind",
                            asyncscope__debug_kind_name(info->kind));
  asyncscope__json_put_integer(&fields, "osTid", info->os_tid);
  put_stack(&fields, thread, ids);
  if (asyncscope__debug_turns_loop(thread->env, info, true))
    put_loop(&fields, thread, histograms);
  asyncscope__json_put(&fields, "counts", counts(info, ids));
  return asyncscope__json_end(&fields);
}
