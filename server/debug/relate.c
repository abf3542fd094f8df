/* What the copied records say about each other. Every lookup is a binary
 * search by (thread, id), so relating n resources costs n log n however they
 * refer to each other. */
#include "snapshot.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>
#include <string.h>

static int compare_resources(const void *a, const void *b) {
  return asyncscope__debug_compare_refs(
      asyncscope__debug_ref((const debug_resource_t *)a),
      asyncscope__debug_ref((const debug_resource_t *)b));
}

static int compare_numbers(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a;
  uint64_t right = *(const uint64_t *)b;
  return (left > right) - (left < right);
}

/* Threads were walked in the order of their numbers, so sorting each one's
 * part sorts the whole. */
static void sort_resources(debug_snapshot_t *snapshot) {
  for (size_t i = 0; i < snapshot->thread_count; i++) {
    const debug_thread_t *thread = &snapshot->threads[i];
    if (thread->count > 1) {
      qsort(snapshot->resources + thread->first, thread->count,
            sizeof(*snapshot->resources), compare_resources);
    }
  }
}

/* The outermost entry of a resource is the one its time counts from. */
static void mark_running(debug_snapshot_t *snapshot,
                         const debug_thread_t *thread) {
  const async_env_info_t *info = &thread->info;
  for (size_t i = 0; i < info->stack_depth && i < ASYNC_STACK_PUBLISHED; i++) {
    async_ref_t ref = {info->thread, info->stack[i].async_id};
    debug_resource_t *resource = asyncscope__debug_find_resource(snapshot, ref);
    if (resource != NULL && resource->since_ns == 0) {
      resource->since_ns = info->stack[i].since_ns;
      resource->state = DEBUG_RUNNING;
    }
  }
}

static bool is_task(const debug_resource_t *resource) {
  return strcmp(resource->info.type, "WORK") == 0;
}

/* A task runs while the resource runs that it made on a worker. */
static void mark_task(debug_snapshot_t *snapshot,
                      const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  if (resource->since_ns == 0 || info->trigger.thread == info->thread ||
      !is_task(resource)) {
    return;
  }
  debug_resource_t *task =
      asyncscope__debug_find_resource(snapshot, info->trigger);
  if (task != NULL && is_task(task)) {
    task->state = DEBUG_RUNNING;
  }
}

/* Where the pools are known and nothing waits in them, a task that has not
 * called back has been worked on already. */
static bool has_queue(const debug_snapshot_t *snapshot) {
  size_t queued = 0;
  for (size_t i = 0; i < snapshot->pool_count; i++) {
    queued += snapshot->pools[i].info.queued;
  }
  return snapshot->pool_count == 0 || queued > 0;
}

static debug_state_t resting_state(const debug_resource_t *resource,
                                   async_env_kind_t kind, bool queue) {
  if (resource->info.destroyed) {
    return DEBUG_DESTROYED;
  }
  if (resource->info.callbacks > 0) {
    return DEBUG_IDLE;
  }
  if (kind != ASYNC_ENV_WORKER && is_task(resource)) {
    return queue ? DEBUG_QUEUED : DEBUG_IDLE;
  }
  return DEBUG_INIT;
}

static void find_states(debug_snapshot_t *snapshot) {
  bool queue = has_queue(snapshot);
  for (size_t i = 0; i < snapshot->thread_count; i++) {
    const debug_thread_t *thread = &snapshot->threads[i];
    for (size_t j = 0; j < thread->count; j++) {
      debug_resource_t *resource = &snapshot->resources[thread->first + j];
      resource->state = resting_state(resource, thread->info.kind, queue);
      resource->hidden = resource->info.internal && !snapshot->internal;
      snapshot->hidden_count += resource->hidden;
    }
    mark_running(snapshot, thread);
  }
  for (size_t i = 0; i < snapshot->resource_count; i++) {
    mark_task(snapshot, &snapshot->resources[i]);
  }
}

static int insert_type(debug_snapshot_t *snapshot, size_t at,
                       const char *type) {
  debug_type_t *items =
      asyncscope__debug_grow(snapshot->types, snapshot->type_count,
                             &snapshot->type_capacity, sizeof(*items));
  if (items == NULL) {
    return UV_ENOMEM;
  }
  snapshot->types = items;
  debug_type_t *slot = &items[at];
  memmove(slot + 1, slot, (snapshot->type_count - at) * sizeof(*slot));
  *slot = (debug_type_t){type, 1};
  snapshot->type_count++;
  return 0;
}

static int count_type(debug_snapshot_t *snapshot, const char *type) {
  size_t low = 0;
  size_t high = snapshot->type_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(snapshot->types[middle].type, type);
    if (order == 0) {
      snapshot->types[middle].count++;
      return 0;
    }
    low = order < 0 ? middle + 1 : low;
    high = order < 0 ? high : middle;
  }
  return insert_type(snapshot, low, type);
}

static int count_types(debug_snapshot_t *snapshot) {
  int err = 0;
  for (size_t i = 0; i < snapshot->resource_count && err == 0; i++) {
    const debug_resource_t *resource = &snapshot->resources[i];
    if (!resource->hidden) {
      err = count_type(snapshot, resource->info.type);
    }
  }
  return err;
}

/* The requests of the thread's resources, sorted, each as often as it stands
 * there. */
static size_t gather_requests(const debug_snapshot_t *snapshot,
                              const debug_thread_t *thread,
                              uint64_t *ret_requests) {
  size_t count = 0;
  for (size_t i = 0; i < thread->count; i++) {
    const debug_resource_t *resource = &snapshot->resources[thread->first + i];
    if (!resource->hidden && resource->info.request != 0) {
      ret_requests[count++] = resource->info.request;
    }
  }
  if (count > 1) {
    qsort(ret_requests, count, sizeof(*ret_requests), compare_numbers);
  }
  return count;
}

static void count_thread_requests(debug_snapshot_t *snapshot,
                                  debug_thread_t *thread) {
  uint64_t *all = snapshot->requests + snapshot->request_count;
  size_t count = gather_requests(snapshot, thread, all);
  thread->first_request = snapshot->thread_request_count;
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || all[i] != all[i - 1]) {
      snapshot->thread_requests[snapshot->thread_request_count++] = all[i];
    }
  }
  thread->request_count =
      snapshot->thread_request_count - thread->first_request;
  snapshot->request_count += count;
}

static int count_requests(debug_snapshot_t *snapshot) {
  size_t bytes = (snapshot->resource_count + 1) * sizeof(uint64_t);
  snapshot->requests = async_malloc(bytes);
  snapshot->thread_requests = async_malloc(bytes);
  if (snapshot->requests == NULL || snapshot->thread_requests == NULL) {
    return UV_ENOMEM;
  }
  for (size_t i = 0; i < snapshot->thread_count; i++) {
    count_thread_requests(snapshot, &snapshot->threads[i]);
  }
  qsort(snapshot->requests, snapshot->request_count, sizeof(uint64_t),
        compare_numbers);
  return 0;
}

int asyncscope__debug_snapshot_relate(debug_snapshot_t *snapshot) {
  sort_resources(snapshot);
  find_states(snapshot);
  int err = count_types(snapshot);
  if (err == 0) {
    err = count_requests(snapshot);
  }
  return err == 0 ? asyncscope__debug_snapshot_find_gone(snapshot) : err;
}
