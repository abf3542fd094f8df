/* Resources as one tree by trigger, across threads.
 *
 *   node      0 .. live         an entry of the index
 *             .. + remembered   an ancestor that has ended
 *             .. + forgotten    one of whom nothing is known but its key
 *             .. + threads      the root of a thread
 *             the last          the root of threads that have ended
 *
 * Siblings of one type and site that are more than DEBUG_TREE_ALIKE are drawn
 * as one, their children as one family: a tree is as long as the program has
 * places, not as long as it has resources. */
#ifndef ASYNCSCOPE_DEBUG_TREE_H
#define ASYNCSCOPE_DEBUG_TREE_H

#include "filter.h"
#include "lineage.h"
#include "nodes.h"

#define DEBUG_TREE_ALIKE     16
#define DEBUG_TREE_FORGOTTEN 65536 /* that are told apart */

/* So many levels are drawn; deeper nodes say their depth in a number. */
#define DEBUG_TREE_LEVELS 32

/* Of siblings that are drawn as one. */
typedef struct debug_alike_s {
  uint64_t count;
  async_ref_t last;
  uint64_t oldest_us;
  uint64_t request;    /* of all of them; 0: of none, or of several */
  debug_state_t state; /* of all of them; DEBUG_STATES: of several */
} debug_alike_t;

/* An ancestor of whom nothing is known but its key. */
typedef struct debug_forgotten_s {
  async_ref_t ref;
  uint32_t mark; /* as that of a debug_gone_t */
} debug_forgotten_t;

struct debug_classes_s;

typedef struct debug_tree_s {
  const debug_capture_t *capture;
  debug_filter_t *filter;
  debug_lineage_t *lineage; /* that of the filter's subtree, or `own` */
  debug_lineage_t own;
  debug_forgotten_t *forgotten; /* by (thread, id) */
  size_t forgotten_count, forgotten_capacity;
  uint32_t node_count, first_forgotten, first_root;
  debug_nodes_t children; /* the first one */
  /* The parent, until the tree is built; then the next sibling, or of the last
   * one the parent. */
  debug_nodes_t links;
  unsigned char *flags; /* of debug_tree_flag_e */
  uint32_t at;          /* the node that is looked at next */
  unsigned stage;
  bool apart; /* nothing is drawn as one */
  debug_alike_t *alike;
  size_t alike_count, alike_capacity;
  struct debug_classes_s *classes; /* of the family that is being looked at */
  uint64_t shown;                  /* resources */
} debug_tree_t;

enum debug_tree_flag_e {
  DEBUG_TREE_SHOWN = 1 << 0,
  DEBUG_TREE_HIDDEN = 1 << 1, /* asyncscope's own, not asked for */
  DEBUG_TREE_CUT = 1 << 2,    /* taken out of a cycle of causes */
  DEBUG_TREE_READY = 1 << 3,  /* its children are in order */
  DEBUG_TREE_ONE = 1 << 4,    /* it stands for many */
  DEBUG_TREE_LAST = 1 << 5,   /* of its siblings */
  DEBUG_TREE_ON_WAY = 1 << 6, /* its chain of causes is being followed */
  DEBUG_TREE_PASSED = 1 << 7  /* and has been */
};

/* Where the walk in depth-first order stands. */
typedef struct debug_tree_place_s {
  uint32_t node;
  uint32_t depth;                   /* 0 for a root */
  bool more[DEBUG_TREE_LEVELS + 1]; /* whether the level goes on below */
} debug_tree_place_t;

/* `filter` outlives it; its subtree, if any, is built before, and asked nothing
 * afterwards: the marks of its nodes are the tree's then. `apart`: show
 * each by itself. */
void asyncscope__debug_tree_begin(debug_tree_t *tree,
                                  const debug_capture_t *capture,
                                  debug_filter_t *filter, bool apart);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM,
 * UV_E2BIG (4,294,967,295 nodes). */
int asyncscope__debug_tree_build(debug_tree_t *tree);

/* The first root; there is always one. */
void asyncscope__debug_tree_first(const debug_tree_t *tree,
                                  debug_tree_place_t *ret_place);

/* To the next node: 1; 0, and the place as it was, behind the last. Nodes
 * below `depth` are passed over. Errors: UV_EAGAIN while it puts children in
 * order, UV_ENOMEM. */
int asyncscope__debug_tree_next(debug_tree_t *tree, debug_tree_place_t *place,
                                uint64_t depth);

/* Once it is built: the first child, the next sibling, or DEBUG_NODE_NONE. */
static inline uint32_t asyncscope__debug_tree_child(const debug_tree_t *tree,
                                                    uint32_t node) {
  return asyncscope__debug_nodes_get(&tree->children, node);
}

static inline uint32_t asyncscope__debug_tree_sibling(const debug_tree_t *tree,
                                                      uint32_t node) {
  return (tree->flags[node] & DEBUG_TREE_LAST) != 0
             ? DEBUG_NODE_NONE
             : asyncscope__debug_nodes_get(&tree->links, node);
}

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_tree_finish(debug_tree_t *tree);

/* What the node is: false where it lives and `ret_resource` says it all; true
 * where it is gone and `ret_gone` says what is known. */
bool asyncscope__debug_tree_read(const debug_tree_t *tree, uint32_t node,
                                 debug_resource_t *ret_resource,
                                 debug_gone_t *ret_gone);

/* What it stands for, where it is flagged so. */
const debug_alike_t *asyncscope__debug_tree_alike(const debug_tree_t *tree,
                                                  uint32_t node);

/* Puts the children of a node in order, those that are alike as one. Until it
 * answers 0. Errors: UV_EAGAIN, UV_ENOMEM. */
int asyncscope__debug_tree_order(debug_tree_t *tree, uint32_t node);

#endif
