/* The resources of a snapshot as one tree by trigger, across threads.
 *
 *   node      0 .. resources      a resource
 *             .. + gone           an ancestor that has ended
 *             .. + threads        the root of a thread
 *             the last            the root of threads that have ended
 */
#ifndef ASYNCSCOPE_DEBUG_TREE_H
#define ASYNCSCOPE_DEBUG_TREE_H

#include "snapshot.h"

#define DEBUG_TREE_NONE UINT32_MAX

/* So many levels are drawn; deeper nodes say their depth in a number. */
#define DEBUG_TREE_LEVELS 32

typedef struct debug_tree_s {
  const debug_snapshot_t *snapshot;
  uint32_t node_count, first_gone, first_root;
  uint32_t *parents, *children, *siblings;
  bool *cut; /* taken out of a cycle of causes */
} debug_tree_t;

/* Where the walk in depth-first order stands. */
typedef struct debug_tree_place_s {
  uint32_t node;
  uint32_t depth;                   /* 0 for a root */
  bool more[DEBUG_TREE_LEVELS + 1]; /* whether the level goes on below */
} debug_tree_place_t;

/* Errors: UV_ENOMEM, UV_E2BIG (4,294,967,295 nodes). */
int asyncscope__debug_tree_init(debug_tree_t *tree,
                                const debug_snapshot_t *snapshot);

/* The first root; there is always one. */
void asyncscope__debug_tree_begin(const debug_tree_t *tree,
                                  debug_tree_place_t *ret_place);

/* False, and the place as it was, behind the last node. */
bool asyncscope__debug_tree_next(const debug_tree_t *tree,
                                 debug_tree_place_t *place);

/* Zeroed and finished trees are left alone. */
void asyncscope__debug_tree_finish(debug_tree_t *tree);

#endif
