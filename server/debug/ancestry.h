/* Which causes of what is shown have ended: so that every reference of an
 * answer leads to something. */
#ifndef ASYNCSCOPE_DEBUG_ANCESTRY_H
#define ASYNCSCOPE_DEBUG_ANCESTRY_H

#include "remembered.h"
#include "walk.h"

/* So many references are looked into. */
#define DEBUG_ANCESTRY_MAX 65536

typedef struct debug_ancestry_s {
  const debug_capture_t *capture;
  debug_gone_t *refs; /* marked where they live or are remembered */
  size_t ref_count, ref_capacity;
  bool full;                     /* sorting them makes no room */
  bool begun;                    /* to follow them */
  debug_remembered_t remembered; /* marked where something leads to it */
  debug_walk_t walk;
  size_t ref_at, remembered_at; /* the next to give */
} debug_ancestry_t;

void asyncscope__debug_ancestry_begin(debug_ancestry_t *ancestry,
                                      const debug_capture_t *capture);

/* Takes the causes of a resource that is shown. Errors: UV_ENOMEM. */
int asyncscope__debug_ancestry_add(debug_ancestry_t *ancestry,
                                   const async_resource_info_t *info);

/* Behind the last: follows them, until it answers 0. Errors: UV_EAGAIN while
 * there is more to do, UV_ENOMEM. */
int asyncscope__debug_ancestry_build(debug_ancestry_t *ancestry);

/* The next one that is gone, by (thread, id), which stays the next until it is
 * taken; NULL behind the last. */
const debug_gone_t *asyncscope__debug_ancestry_peek(debug_ancestry_t *ancestry);
void asyncscope__debug_ancestry_take(debug_ancestry_t *ancestry);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_ancestry_finish(debug_ancestry_t *ancestry);

#endif
