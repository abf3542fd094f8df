/* Of the ids a heap keeps the smallest while the walk goes on; of the requests
 * a sorted array does, as most records repeat one that is there. */
#include "thread_ids.h"

#include <string.h>

void asyncscope__debug_thread_ids_begin(debug_thread_ids_t *ids,
                                        const debug_capture_t *capture,
                                        size_t thread, bool internal) {
  ids->live = 0;
  ids->id_count = 0;
  ids->request_count = 0;
  ids->requests_cut = false;
  ids->internal = internal;
  memset(ids->stack, 0, sizeof(ids->stack));
  ids->walk = asyncscope__debug_walk_thread(capture, thread);
}

static void sink(async_id_t *heap, size_t count, async_id_t id) {
  size_t at = 0;
  while (2 * at + 1 < count) {
    size_t child = 2 * at + 1;
    child += child + 1 < count && heap[child + 1] > heap[child];
    if (heap[child] <= id)
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = id;
}

static void rise(async_id_t *heap, size_t count, async_id_t id) {
  size_t at = count;
  for (; at > 0 && heap[(at - 1) / 2] < id; at = (at - 1) / 2)
    heap[at] = heap[(at - 1) / 2];
  heap[at] = id;
}

static void add_id(debug_thread_ids_t *ids, async_id_t id) {
  if (ids->id_count < DEBUG_THREAD_IDS)
    rise(ids->ids, ids->id_count++, id);
  else if (id < ids->ids[0])
    sink(ids->ids, ids->id_count, id);
}

static void add_request(debug_thread_ids_t *ids, uint64_t request) {
  size_t low = 0;
  size_t high = ids->request_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (ids->requests[middle] < request)
      low = middle + 1;
    else
      high = middle;
  }
  if (low < ids->request_count && ids->requests[low] == request)
    return;
  ids->requests_cut =
      ids->requests_cut || ids->request_count == DEBUG_THREAD_IDS;
  if (low == DEBUG_THREAD_IDS)
    return;
  size_t kept = ids->request_count < DEBUG_THREAD_IDS ? ids->request_count
                                                      : DEBUG_THREAD_IDS - 1;
  memmove(ids->requests + low + 1, ids->requests + low,
          (kept - low) * sizeof(*ids->requests));
  ids->requests[low] = request;
  ids->request_count = kept + 1;
}

static void find_on_stack(debug_thread_ids_t *ids, size_t thread,
                          const async_resource_info_t *info) {
  const async_env_info_t *env = &ids->walk.capture->threads[thread].info;
  for (size_t i = 0; i < env->stack_depth && i < ASYNC_STACK_PUBLISHED; i++)
    if (env->stack[i].async_id == info->async_id)
      ids->stack[i] = *info;
}

static int look(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_thread_ids_t *ids = arg;
  if (info->internal && !ids->internal)
    return 0;
  find_on_stack(ids, thread, info);
  ids->live++;
  add_id(ids, info->async_id);
  if (info->request != 0)
    add_request(ids, info->request);
  return 0;
}

int asyncscope__debug_thread_ids_read(debug_thread_ids_t *ids) {
  int error = asyncscope__debug_walk_slice(&ids->walk, look, ids);
  if (error != 0)
    return error;
  for (size_t count = ids->id_count; count > 1; count--) {
    async_id_t last = ids->ids[0];
    sink(ids->ids, count - 1, ids->ids[count - 1]);
    ids->ids[count - 1] = last;
  }
  return 0;
}
