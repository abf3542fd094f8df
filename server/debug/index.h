/* Where every live record lies, by (thread, id): 16 bytes for each, for the
 * answers that follow references among all of them. */
#ifndef ASYNCSCOPE_DEBUG_INDEX_H
#define ASYNCSCOPE_DEBUG_INDEX_H

#include "resource.h"
#include "walk.h"

#define DEBUG_NODE_NONE UINT32_MAX

typedef struct debug_entry_s {
  async_id_t async_id;
  uint32_t place;
  uint32_t mark; /* for who works with the index; 0 at first */
} debug_entry_t;

typedef struct debug_index_s {
  const debug_capture_t *capture;
  debug_entry_t *entries;
  size_t count, capacity;
  size_t *first; /* of each thread, and behind the last */
  debug_walk_t walk;
} debug_index_t;

/* Errors: UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_index_init(debug_index_t *index,
                                 const debug_capture_t *capture);

/* Does a part of the work, until it answers 0. Errors: UV_EAGAIN while there
 * is more to do, UV_ENOMEM, UV_E2BIG (4,294,967,295 resources). */
int asyncscope__debug_index_build(debug_index_t *index);

/* The number of the entry, or DEBUG_NODE_NONE. */
uint32_t asyncscope__debug_index_find(const debug_index_t *index,
                                      async_ref_t ref);

/* The index of its thread in the capture. */
size_t asyncscope__debug_index_thread(const debug_index_t *index,
                                      uint32_t entry);

/* False when it has gone since. */
bool asyncscope__debug_index_read(const debug_index_t *index, uint32_t entry,
                                  debug_resource_t *ret_resource);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_index_finish(debug_index_t *index);

/* By id, in place. */
void asyncscope__debug_entries_sort(debug_entry_t *entries, size_t count);

#endif
