/* The mark of a node is what is known about it: nothing, that it is being
 * followed (meeting it again closes a cycle), that it is outside, or its depth
 * below the root. */
#include "subtree.h"

enum { UNKNOWN, FOLLOWED, OUTSIDE, INSIDE };

void asyncscope__debug_subtree_begin(debug_subtree_t *subtree,
                                     const debug_capture_t *capture,
                                     const debug_query_t *query) {
  subtree->root = query->root;
  subtree->depth = asyncscope__debug_given(query, DEBUG_PARAM_DEPTH)
                       ? query->depth
                       : UINT64_MAX;
  asyncscope__debug_lineage_begin(&subtree->lineage, capture);
}

int asyncscope__debug_subtree_build(debug_subtree_t *subtree) {
  return asyncscope__debug_lineage_build(&subtree->lineage);
}

void asyncscope__debug_subtree_finish(debug_subtree_t *subtree) {
  asyncscope__debug_lineage_finish(&subtree->lineage);
}

/* The mark of what `ref` names: the root may be one that is no node. */
static uint32_t mark_of(debug_subtree_t *subtree, async_ref_t ref,
                        uint32_t *ret_node) {
  *ret_node = asyncscope__debug_node_find(&subtree->lineage, ref);
  if (asyncscope__debug_same_ref(ref, subtree->root))
    return INSIDE;
  return *ret_node == DEBUG_NODE_NONE
             ? OUTSIDE
             : *asyncscope__debug_node_mark(&subtree->lineage, *ret_node);
}

/* Follows the chain of causes up to one that is known, and how far that is. */
static uint32_t follow(debug_subtree_t *subtree, async_ref_t ref,
                       uint32_t *ret_steps) {
  uint32_t node;
  uint32_t mark;
  for (*ret_steps = 0; (mark = mark_of(subtree, ref, &node)) == UNKNOWN;
       ++*ret_steps) {
    *asyncscope__debug_node_mark(&subtree->lineage, node) = FOLLOWED;
    ref = asyncscope__debug_node_cause(&subtree->lineage, node,
                                       DEBUG_EDGE_TRIGGER);
  }
  return mark == FOLLOWED ? OUTSIDE : mark;
}

/* Goes the same way again; a chain may have lost its middle since. */
static void settle(debug_subtree_t *subtree, async_ref_t ref, uint32_t mark,
                   uint32_t steps) {
  for (; steps > 0; steps--) {
    uint32_t node;
    if (mark_of(subtree, ref, &node) != FOLLOWED)
      return;
    *asyncscope__debug_node_mark(&subtree->lineage, node) =
        mark == OUTSIDE ? OUTSIDE : mark + steps;
    ref = asyncscope__debug_node_cause(&subtree->lineage, node,
                                       DEBUG_EDGE_TRIGGER);
  }
}

bool asyncscope__debug_subtree_has(debug_subtree_t *subtree, async_ref_t ref) {
  uint32_t steps;
  uint32_t mark = follow(subtree, ref, &steps);
  settle(subtree, ref, mark, steps);
  return mark != OUTSIDE && mark + steps - INSIDE <= subtree->depth;
}
