/* The resources a query is about, in its order, however many there are.
 *
 * A pass over all records keeps the first of those that come behind the last
 * one given, DEBUG_WINDOW at most, in a heap. When they are given the next
 * pass follows, until the limit is reached or a pass finds no more:
 *
 *   pass 1  [===========]                      each [=] is given once, in the
 *   pass 2               [===========]         order of the query; what ended
 *   pass 3                            [====]   before its turn is left out
 *
 * So memory depends on neither the limit nor on what lives, and what lives
 * through the whole answer is given exactly once: what it is sorted by does
 * not change, and what was made after the first pass is not taken any more. */
#ifndef ASYNCSCOPE_DEBUG_SELECTION_H
#define ASYNCSCOPE_DEBUG_SELECTION_H

#include "filter.h"
#include "walk.h"

#define DEBUG_WINDOW 131072 /* times sizeof(debug_pick_t): 3 MiB */

typedef struct debug_pick_s {
  uint64_t value; /* what it is sorted by; smaller stands first */
  async_id_t async_id;
  uint32_t thread; /* an index */
  uint32_t place;
} debug_pick_t;

typedef struct debug_selection_s {
  const debug_capture_t *capture;
  debug_filter_t filter;
  debug_order_t order;
  size_t window; /* DEBUG_WINDOW, if not less for a test */
  uint64_t left; /* of the limit */
  bool filled;   /* there are picks, or it is the end */
  bool passed;   /* the first pass is over */
  debug_walk_t walk;
  debug_pick_t *picks; /* a heap, the last on top; then sorted */
  size_t count, capacity, at;
  debug_pick_t last; /* taken; the cursor at first */
  bool has_last;
  uint64_t matched; /* by the first pass, behind the cursor */
  uint64_t taken;
  async_id_t *newest; /* of each thread, in the first pass */
} debug_selection_t;

/* `query` outlives it; `filter.subtree` is the caller's to set. Errors:
 * UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_selection_init(debug_selection_t *selection,
                                     const debug_capture_t *capture,
                                     const debug_query_t *query);

/* The next one, which stays the next until it is taken: 1; 0 at the end.
 * Errors: UV_EAGAIN while it is looked for, UV_ENOMEM. */
int asyncscope__debug_selection_peek(debug_selection_t *selection,
                                     debug_resource_t *ret_resource);
void asyncscope__debug_selection_take(debug_selection_t *selection);

/* At the end: whether the limit left some out; then `ret_cursor` is where they
 * begin. */
bool asyncscope__debug_selection_cut(const debug_selection_t *selection,
                                     debug_cursor_t *ret_cursor);

/* Whether what it is sorted by can change while it is read: then there is one
 * pass alone, and no limit beyond DEBUG_WINDOW. */
bool asyncscope__debug_order_is_fickle(debug_order_t order);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_selection_finish(debug_selection_t *selection);

#endif
