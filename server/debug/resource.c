#include "resource.h"

#include "walk.h"
#include <string.h>

async_ref_t asyncscope__debug_ref(const async_resource_info_t *info) {
  return (async_ref_t){info->thread, info->async_id};
}

async_ref_t asyncscope__debug_execution_of(uint32_t thread, async_ref_t trigger,
                                           async_id_t execution_async_id) {
  return execution_async_id <= ASYNC_ID_ROOT && trigger.thread != thread
             ? trigger
             : (async_ref_t){thread, execution_async_id};
}

async_ref_t asyncscope__debug_execution(const async_resource_info_t *info) {
  return asyncscope__debug_execution_of(info->thread, info->trigger,
                                        info->execution_async_id);
}

/* Where the pools are known and nothing waits in them, a task that has not
 * called back has been worked on already. */
static debug_state_t resting_state(const debug_capture_t *capture,
                                   const debug_resource_t *resource) {
  if (resource->info.destroyed)
    return DEBUG_DESTROYED;
  if (resource->info.closing)
    return DEBUG_CLOSING;
  if (resource->info.callbacks > 0)
    return DEBUG_IDLE;
  if (resource->task)
    return capture->queue ? DEBUG_QUEUED : DEBUG_IDLE;
  return DEBUG_INIT;
}

void asyncscope__debug_describe(const debug_capture_t *capture, size_t thread,
                                const async_resource_info_t *info,
                                debug_resource_t *ret_resource) {
  const debug_running_t *running =
      asyncscope__debug_find_running(capture, asyncscope__debug_ref(info));
  ret_resource->info = *info;
  ret_resource->thread = thread;
  ret_resource->since_ns = running == NULL ? 0 : running->since_ns;
  ret_resource->task = running != NULL ? running->task : info->task;
  ret_resource->state =
      running == NULL ? resting_state(capture, ret_resource) : DEBUG_RUNNING;
}

bool asyncscope__debug_read(const debug_capture_t *capture, size_t thread,
                            uint32_t place, async_id_t async_id,
                            debug_resource_t *ret_resource) {
  const debug_thread_t *owner = &capture->threads[thread];
  async_resource_info_t info;
  if (!async_inspect_resource(owner->env, place, async_id, &info)) {
    asyncscope__debug_pace_missed(capture->pace, owner->info.thread);
    return false;
  }
  asyncscope__debug_pace_read(capture->pace, owner->info.thread, &info, 1);
  asyncscope__debug_describe(capture, thread, &info, ret_resource);
  return true;
}

bool asyncscope__debug_find_resource(const debug_capture_t *capture,
                                     async_ref_t ref,
                                     debug_resource_t *ret_resource) {
  async_resource_info_t infos[DEBUG_WALK_BATCH];
  size_t thread = asyncscope__debug_thread_index(capture, ref.thread);
  size_t count;
  if (asyncscope__debug_find_thread(capture, ref.thread) == NULL)
    return false;
  debug_walk_t walk = asyncscope__debug_walk_thread(capture, thread);
  while ((count = asyncscope__debug_walk_next(&walk, infos)) > 0)
    for (size_t i = 0; i < count; i++)
      if (infos[i].async_id == ref.async_id) {
        asyncscope__debug_describe(capture, thread, &infos[i], ret_resource);
        return true;
      }
  return false;
}

const char *asyncscope__debug_state_name(debug_state_t state) {
  static const char *const names[] = {"init", "queued",  "running",
                                      "idle", "closing", "destroyed"};
  return names[state];
}

bool asyncscope__debug_is_request(const debug_resource_t *resource) {
  return resource->state != DEBUG_DESTROYED &&
         strcmp(resource->info.type, "HTTPINCOMINGMESSAGE") == 0;
}

uint64_t asyncscope__debug_age_us(const debug_capture_t *capture,
                                  const debug_resource_t *resource) {
  return asyncscope__debug_elapsed_us(
      resource->info.created_ns,
      capture->threads[resource->thread].captured_ns);
}

/* A callback that has ended between the capture and the reading of the record
 * counts in both: no resource has run for longer than it has lived. */
uint64_t asyncscope__debug_run_us(const debug_capture_t *capture,
                                  const debug_resource_t *resource) {
  uint64_t run_us = resource->info.run_ns / 1000;
  uint64_t age_us = asyncscope__debug_age_us(capture, resource);
  if (resource->since_ns != 0)
    run_us += asyncscope__debug_elapsed_us(
        resource->since_ns, capture->threads[resource->thread].captured_ns);
  return run_us < age_us ? run_us : age_us;
}

uint64_t asyncscope__debug_queued_us(const debug_capture_t *capture,
                                     const debug_resource_t *resource) {
  if (resource->state == DEBUG_QUEUED)
    return asyncscope__debug_age_us(capture, resource);
  return resource->task && resource->since_ns != 0
             ? asyncscope__debug_elapsed_us(resource->info.created_ns,
                                            resource->since_ns)
             : 0;
}
