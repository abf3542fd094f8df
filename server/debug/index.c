#include "index.h"

#include "asyncscope/async_allocator.h"

int asyncscope__debug_index_init(debug_index_t *index,
                                 const debug_capture_t *capture) {
  *index = (debug_index_t){.capture = capture,
                           .walk = asyncscope__debug_walk_all(capture)};
  index->first = async_calloc(capture->thread_count + 1, sizeof(*index->first));
  return index->first == NULL ? UV_ENOMEM : 0;
}

static int add(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_index_t *index = arg;
  debug_entry_t *entries = asyncscope__debug_grow(
      index->entries, index->count, &index->capacity, sizeof(*entries));
  if (entries == NULL)
    return UV_ENOMEM;
  index->entries = entries;
  if (index->count == DEBUG_NODE_NONE - 1)
    return UV_E2BIG;
  entries[index->count++] =
      (debug_entry_t){.async_id = info->async_id, .place = info->place};
  index->first[thread + 1] = index->count;
  return 0;
}

/* Threads were walked in the order of their numbers: sorting each one's part
 * sorts the whole. */
static void sort(debug_index_t *index) {
  for (size_t i = 0; i < index->capture->thread_count; i++) {
    if (index->first[i + 1] < index->first[i])
      index->first[i + 1] = index->first[i];
    asyncscope__debug_entries_sort(index->entries + index->first[i],
                                   index->first[i + 1] - index->first[i]);
  }
}

int asyncscope__debug_index_build(debug_index_t *index) {
  int error = asyncscope__debug_walk_slice(&index->walk, add, index);
  if (error == 0)
    sort(index);
  return error;
}

uint32_t asyncscope__debug_index_find(const debug_index_t *index,
                                      async_ref_t ref) {
  size_t thread = asyncscope__debug_thread_index(index->capture, ref.thread);
  if (asyncscope__debug_find_thread(index->capture, ref.thread) == NULL)
    return DEBUG_NODE_NONE;
  size_t low = index->first[thread];
  size_t high = index->first[thread + 1];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (index->entries[middle].async_id < ref.async_id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < index->first[thread + 1] &&
                 index->entries[low].async_id == ref.async_id
             ? (uint32_t)low
             : DEBUG_NODE_NONE;
}

size_t asyncscope__debug_index_thread(const debug_index_t *index,
                                      uint32_t entry) {
  size_t low = 0;
  size_t high = index->capture->thread_count;
  while (low + 1 < high) {
    size_t middle = low + (high - low) / 2;
    if (index->first[middle] <= entry)
      low = middle;
    else
      high = middle;
  }
  return low;
}

bool asyncscope__debug_index_read(const debug_index_t *index, uint32_t entry,
                                  debug_resource_t *ret_resource) {
  return asyncscope__debug_read(index->capture,
                                asyncscope__debug_index_thread(index, entry),
                                index->entries[entry].place,
                                index->entries[entry].async_id, ret_resource);
}

void asyncscope__debug_index_finish(debug_index_t *index) {
  async_free(index->entries);
  async_free(index->first);
  *index = (debug_index_t){.capture = NULL};
}
