#include "tree.h"

void asyncscope__debug_tree_begin(const debug_tree_t *tree,
                                  debug_tree_place_t *ret_place) {
  *ret_place = (debug_tree_place_t){.node = tree->first_root};
}

static void enter(const debug_tree_t *tree, debug_tree_place_t *place,
                  uint32_t node) {
  place->node = node;
  if (place->depth <= DEBUG_TREE_LEVELS)
    place->more[place->depth] = tree->siblings[node] != DEBUG_NODE_NONE;
}

/* The next one that is no child of the place. */
static bool go_on(const debug_tree_t *tree, debug_tree_place_t *place) {
  uint32_t node = place->node;
  uint32_t depth = place->depth;
  while (node < tree->first_root && tree->siblings[node] == DEBUG_NODE_NONE) {
    node = tree->parents[node];
    depth--;
  }
  uint32_t next = node < tree->first_root ? tree->siblings[node] : node + 1;
  if (next >= tree->node_count)
    return false;
  place->depth = depth;
  enter(tree, place, next);
  return true;
}

int asyncscope__debug_tree_next(debug_tree_t *tree, debug_tree_place_t *place,
                                uint64_t depth) {
  uint32_t node = place->node;
  if (tree->children[node] == DEBUG_NODE_NONE || place->depth >= depth)
    return go_on(tree, place);
  int error = asyncscope__debug_tree_order(tree, node);
  if (error != 0)
    return error;
  place->depth++;
  enter(tree, place, tree->children[node]);
  return 1;
}
