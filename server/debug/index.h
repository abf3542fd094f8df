/* Where every live record lies, by (thread, id): 8 bytes for each, for the
 * answers that follow references among all of them.
 *
 * Ids of a thread that have their high half in common are a run: there are few,
 * each other one is what has outlived four thousand million others.
 *
 *   run      thread 0, high 0     thread 0, high 3    thread 1, high 0
 *   entry    0 .. first           first .. first      first .. count
 */
#ifndef ASYNCSCOPE_DEBUG_INDEX_H
#define ASYNCSCOPE_DEBUG_INDEX_H

#include "resource.h"
#include "walk.h"

#define DEBUG_NODE_NONE UINT32_MAX

typedef struct debug_entry_s {
  uint32_t low; /* half of the id */
  uint32_t place;
} debug_entry_t;

typedef struct debug_run_s {
  size_t thread; /* its index in the capture */
  uint32_t high; /* half of the ids */
  debug_entry_t *entries;
  size_t count, capacity;
  size_t first; /* the number of the first entry, once all are there */
} debug_run_t;

typedef struct debug_index_s {
  const debug_capture_t *capture;
  debug_run_t *runs; /* by (thread, high), once all are there */
  size_t run_count, run_capacity;
  size_t at; /* the run that was added to last */
  size_t count;
  debug_walk_t walk;
} debug_index_t;

/* Of the capture; there is nothing to fail. */
void asyncscope__debug_index_begin(debug_index_t *index,
                                   const debug_capture_t *capture);

/* Does a part of the work, until it answers 0. Errors: UV_EAGAIN while there
 * is more to do, UV_ENOMEM, UV_E2BIG (4,294,967,295 resources). */
int asyncscope__debug_index_build(debug_index_t *index);

/* The number of the entry, or DEBUG_NODE_NONE. */
uint32_t asyncscope__debug_index_find(const debug_index_t *index,
                                      async_ref_t ref);

async_ref_t asyncscope__debug_index_ref(const debug_index_t *index,
                                        uint32_t entry);

/* False when it has gone since. */
bool asyncscope__debug_index_read(const debug_index_t *index, uint32_t entry,
                                  debug_resource_t *ret_resource);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_index_finish(debug_index_t *index);

/* By the low half, in place. */
void asyncscope__debug_entries_sort(debug_entry_t *entries, size_t count);

#endif
