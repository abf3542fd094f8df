/* Everything that one resource caused, directly or not: root= and depth=. */
#ifndef ASYNCSCOPE_DEBUG_SUBTREE_H
#define ASYNCSCOPE_DEBUG_SUBTREE_H

#include "lineage.h"

typedef struct debug_subtree_s {
  debug_lineage_t lineage;
  async_ref_t root; /* in it, at depth 0 */
  uint64_t depth;   /* of the last level; UINT64_MAX for all */
} debug_subtree_t;

/* Of the query's root= and depth=. */
void asyncscope__debug_subtree_begin(debug_subtree_t *subtree,
                                     const debug_capture_t *capture,
                                     const debug_query_t *query);

/* As asyncscope__debug_index_build(); before the first question. */
int asyncscope__debug_subtree_build(debug_subtree_t *subtree);

/* Each chain is followed once, however many questions meet in it. */
bool asyncscope__debug_subtree_has(debug_subtree_t *subtree, async_ref_t ref);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_subtree_finish(debug_subtree_t *subtree);

#endif
