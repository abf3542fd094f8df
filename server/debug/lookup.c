/* Finding and measuring in a snapshot that is related and no longer changes. */
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

int asyncscope__debug_compare_refs(async_ref_t a, async_ref_t b) {
  if (a.thread != b.thread) {
    return a.thread < b.thread ? -1 : 1;
  }
  return (a.async_id > b.async_id) - (a.async_id < b.async_id);
}

async_ref_t asyncscope__debug_ref(const debug_resource_t *resource) {
  return (async_ref_t){resource->info.thread, resource->info.async_id};
}

bool asyncscope__debug_is_resource(async_ref_t ref) {
  return ref.thread != ASYNC_THREAD_NONE && ref.async_id > ASYNC_ID_ROOT;
}

bool asyncscope__debug_is_request(const debug_resource_t *resource) {
  return !resource->hidden && resource->state != DEBUG_DESTROYED &&
         strcmp(resource->info.type, "HTTPINCOMINGMESSAGE") == 0;
}

const char *asyncscope__debug_state_name(debug_state_t state) {
  static const char *const names[] = {"init", "queued",  "running",
                                      "idle", "closing", "destroyed"};
  return names[state];
}

const char *asyncscope__debug_kind_name(async_env_kind_t kind) {
  return kind == ASYNC_ENV_LOOP     ? "loop"
         : kind == ASYNC_ENV_WORKER ? "worker"
                                    : "other";
}

const async_stack_entry_t *asyncscope__debug_current(
    const debug_thread_t *thread) {
  size_t depth = thread->info.stack_depth;
  return depth == 0 || depth > ASYNC_STACK_PUBLISHED
             ? NULL
             : &thread->info.stack[depth - 1];
}

static int compare_ref_thread(const void *key, const void *item) {
  uint32_t thread = *(const uint32_t *)key;
  uint32_t other = ((const debug_thread_t *)item)->info.thread;
  return (thread > other) - (thread < other);
}

static int compare_ref_resource(const void *key, const void *item) {
  return asyncscope__debug_compare_refs(*(const async_ref_t *)key,
                                        asyncscope__debug_ref(item));
}

static int compare_ref_gone(const void *key, const void *item) {
  return asyncscope__debug_compare_refs(*(const async_ref_t *)key,
                                        ((const debug_gone_t *)item)->ref);
}

static void *find(const void *key, void *items, size_t count, size_t item_bytes,
                  int (*compare)(const void *, const void *)) {
  return count == 0 ? NULL : bsearch(key, items, count, item_bytes, compare);
}

debug_thread_t *asyncscope__debug_find_thread(const debug_snapshot_t *snapshot,
                                              uint32_t thread) {
  return find(&thread, snapshot->threads, snapshot->thread_count,
              sizeof(*snapshot->threads), compare_ref_thread);
}

debug_resource_t *asyncscope__debug_find_resource(
    const debug_snapshot_t *snapshot, async_ref_t ref) {
  return find(&ref, snapshot->resources, snapshot->resource_count,
              sizeof(*snapshot->resources), compare_ref_resource);
}

debug_gone_t *asyncscope__debug_find_gone(const debug_snapshot_t *snapshot,
                                          async_ref_t ref) {
  return find(&ref, snapshot->gone, snapshot->gone_count,
              sizeof(*snapshot->gone), compare_ref_gone);
}

/* The index of the first request that is not below `request`. */
static size_t lower_bound(const debug_snapshot_t *snapshot, uint64_t request) {
  size_t low = 0;
  size_t high = snapshot->request_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (snapshot->requests[middle] < request) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

size_t asyncscope__debug_request_live(const debug_snapshot_t *snapshot,
                                      uint64_t request) {
  size_t behind = request == UINT64_MAX ? snapshot->request_count
                                        : lower_bound(snapshot, request + 1);
  return behind - lower_bound(snapshot, request);
}

uint64_t asyncscope__debug_elapsed_us(uint64_t from_ns, uint64_t to_ns) {
  return to_ns > from_ns ? (to_ns - from_ns) / 1000 : 0;
}

uint64_t asyncscope__debug_skew_us(const debug_snapshot_t *snapshot) {
  size_t count = snapshot->thread_count;
  return count == 0 ? 0
                    : asyncscope__debug_elapsed_us(
                          snapshot->threads[0].captured_ns,
                          snapshot->threads[count - 1].captured_ns);
}

static uint64_t captured_ns(const debug_snapshot_t *snapshot,
                            const debug_resource_t *resource) {
  const debug_thread_t *thread =
      asyncscope__debug_find_thread(snapshot, resource->info.thread);
  return thread == NULL ? snapshot->ended_ns : thread->captured_ns;
}

uint64_t asyncscope__debug_age_us(const debug_snapshot_t *snapshot,
                                  const debug_resource_t *resource) {
  return asyncscope__debug_elapsed_us(resource->info.created_ns,
                                      captured_ns(snapshot, resource));
}

uint64_t asyncscope__debug_run_us(const debug_snapshot_t *snapshot,
                                  const debug_resource_t *resource) {
  uint64_t run_us = resource->info.run_ns / 1000;
  if (resource->since_ns != 0) {
    run_us += asyncscope__debug_elapsed_us(resource->since_ns,
                                           captured_ns(snapshot, resource));
  }
  return run_us;
}
