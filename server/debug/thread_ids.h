/* What lives on one thread, in short: ids and requests. */
#ifndef ASYNCSCOPE_DEBUG_THREAD_IDS_H
#define ASYNCSCOPE_DEBUG_THREAD_IDS_H

#include "walk.h"

#define DEBUG_THREAD_IDS 1000 /* of each kind, the first ones */

typedef struct debug_thread_ids_s {
  uint64_t live;
  size_t id_count, request_count;
  async_id_t ids[DEBUG_THREAD_IDS];    /* sorted */
  uint64_t requests[DEBUG_THREAD_IDS]; /* sorted, each once */
  /* Of the published stack, where they were found; async_id 0 elsewhere. */
  async_resource_info_t stack[ASYNC_STACK_PUBLISHED];
  bool requests_cut; /* there are more of them */
  bool internal;     /* count asyncscope's own, too */
  debug_walk_t walk;
} debug_thread_ids_t;

void asyncscope__debug_thread_ids_begin(debug_thread_ids_t *ids,
                                        const debug_capture_t *capture,
                                        size_t thread, bool internal);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do. */
int asyncscope__debug_thread_ids_read(debug_thread_ids_t *ids);

#endif
