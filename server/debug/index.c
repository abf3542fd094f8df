#include "index.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>

void asyncscope__debug_index_begin(debug_index_t *index,
                                   const debug_capture_t *capture) {
  *index = (debug_index_t){.capture = capture,
                           .walk = asyncscope__debug_walk_all(capture)};
}

/* How many live on a thread: those of a run are not moved when more come. What
 * is not used of the room is never touched. */
static size_t expected(const async_env_info_t *info) {
  uint64_t made = info->resources_created + info->internal_created;
  uint64_t ended = info->resources_destroyed + info->internal_destroyed;
  return made > ended ? (size_t)(made - ended) : 0;
}

static int add_run(debug_index_t *index, size_t thread, uint32_t high) {
  debug_run_t run = {.thread = thread, .high = high};
  debug_run_t *runs = asyncscope__debug_grow(
      index->runs, index->run_count, &index->run_capacity, sizeof(*runs));
  if (runs == NULL)
    return UV_ENOMEM;
  index->runs = runs;
  bool first = index->run_count == 0 || runs[index->at].thread != thread;
  if (first)
    run.capacity = expected(&index->capture->threads[thread].info);
  if (run.capacity > 0) {
    run.entries = async_malloc(run.capacity * sizeof(*run.entries));
    if (run.entries == NULL)
      return UV_ENOMEM;
  }
  index->at = index->run_count;
  runs[index->run_count++] = run;
  return 0;
}

/* Mostly it is that of the one before. */
static int find_run(debug_index_t *index, size_t thread, uint32_t high) {
  for (size_t i = 0; i < index->run_count; i++) {
    size_t at = (index->at + i) % index->run_count;
    if (index->runs[at].thread == thread && index->runs[at].high == high) {
      index->at = at;
      return 0;
    }
  }
  return add_run(index, thread, high);
}

static int add(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_index_t *index = arg;
  int error = find_run(index, thread, (uint32_t)(info->async_id >> 32));
  if (error != 0)
    return error;
  if (index->count == DEBUG_NODE_NONE - 1)
    return UV_E2BIG;
  debug_run_t *run = &index->runs[index->at];
  debug_entry_t *entries = asyncscope__debug_grow(
      run->entries, run->count, &run->capacity, sizeof(*entries));
  if (entries == NULL)
    return UV_ENOMEM;
  run->entries = entries;
  entries[run->count++] =
      (debug_entry_t){(uint32_t)info->async_id, info->place};
  index->count++;
  return 0;
}

static int compare(const void *left, const void *right) {
  const debug_run_t *a = left, *b = right;
  if (a->thread != b->thread)
    return a->thread < b->thread ? -1 : 1;
  return (a->high > b->high) - (a->high < b->high);
}

static void sort(debug_index_t *index) {
  size_t first = 0;
  if (index->run_count > 1)
    qsort(index->runs, index->run_count, sizeof(*index->runs), compare);
  for (size_t i = 0; i < index->run_count; i++) {
    debug_run_t *run = &index->runs[i];
    asyncscope__debug_entries_sort(run->entries, run->count);
    run->first = first;
    first += run->count;
  }
}

int asyncscope__debug_index_build(debug_index_t *index) {
  int error = asyncscope__debug_walk_slice(&index->walk, add, index);
  if (error == 0)
    sort(index);
  return error;
}

static uint32_t find_in(const debug_run_t *run, uint32_t id) {
  size_t low = 0;
  size_t high = run->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (run->entries[middle].low < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < run->count && run->entries[low].low == id
             ? (uint32_t)(run->first + low)
             : DEBUG_NODE_NONE;
}

uint32_t asyncscope__debug_index_find(const debug_index_t *index,
                                      async_ref_t ref) {
  if (asyncscope__debug_find_thread(index->capture, ref.thread) == NULL)
    return DEBUG_NODE_NONE;
  const debug_run_t key = {
      .thread = asyncscope__debug_thread_index(index->capture, ref.thread),
      .high = (uint32_t)(ref.async_id >> 32)};
  const debug_run_t *run = index->run_count == 0
                               ? NULL
                               : bsearch(&key, index->runs, index->run_count,
                                         sizeof(*index->runs), compare);
  return run == NULL ? DEBUG_NODE_NONE : find_in(run, (uint32_t)ref.async_id);
}

/* The last one that begins at the entry or before. */
static const debug_run_t *run_of(const debug_index_t *index, uint32_t entry) {
  size_t low = 0;
  size_t high = index->run_count;
  while (low + 1 < high) {
    size_t middle = low + (high - low) / 2;
    if (index->runs[middle].first <= entry)
      low = middle;
    else
      high = middle;
  }
  return &index->runs[low];
}

static async_id_t id_of(const debug_run_t *run, uint32_t entry) {
  return (async_id_t)run->high << 32 | run->entries[entry - run->first].low;
}

async_ref_t asyncscope__debug_index_ref(const debug_index_t *index,
                                        uint32_t entry) {
  const debug_run_t *run = run_of(index, entry);
  return (async_ref_t){index->capture->threads[run->thread].info.thread,
                       id_of(run, entry)};
}

bool asyncscope__debug_index_read(const debug_index_t *index, uint32_t entry,
                                  debug_resource_t *ret_resource) {
  const debug_run_t *run = run_of(index, entry);
  return asyncscope__debug_read(index->capture, run->thread,
                                run->entries[entry - run->first].place,
                                id_of(run, entry), ret_resource);
}

void asyncscope__debug_index_finish(debug_index_t *index) {
  for (size_t i = 0; i < index->run_count; i++)
    async_free(index->runs[i].entries);
  async_free(index->runs);
  *index = (debug_index_t){.capture = NULL};
}
