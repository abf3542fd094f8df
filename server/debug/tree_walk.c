#include "tree.h"

void asyncscope__debug_tree_first(const debug_tree_t *tree,
                                  debug_tree_place_t *ret_place) {
  *ret_place = (debug_tree_place_t){.node = tree->first_root};
}

static void enter(const debug_tree_t *tree, debug_tree_place_t *place,
                  uint32_t node) {
  place->node = node;
  if (place->depth <= DEBUG_TREE_LEVELS)
    place->more[place->depth] =
        asyncscope__debug_tree_sibling(tree, node) != DEBUG_NODE_NONE;
}

/* The next one that is no child of the place. */
static bool go_on(const debug_tree_t *tree, debug_tree_place_t *place) {
  uint32_t node = place->node;
  uint32_t depth = place->depth;
  while (node < tree->first_root &&
         (tree->flags[node] & DEBUG_TREE_LAST) != 0) {
    node = asyncscope__debug_nodes_get(&tree->links, node);
    depth--;
  }
  uint32_t next = node < tree->first_root
                      ? asyncscope__debug_nodes_get(&tree->links, node)
                      : node + 1;
  if (next >= tree->node_count)
    return false;
  place->depth = depth;
  enter(tree, place, next);
  return true;
}

int asyncscope__debug_tree_next(debug_tree_t *tree, debug_tree_place_t *place,
                                uint64_t depth) {
  uint32_t node = place->node;
  if (asyncscope__debug_tree_child(tree, node) == DEBUG_NODE_NONE ||
      place->depth >= depth)
    return go_on(tree, place);
  int error = asyncscope__debug_tree_order(tree, node);
  if (error != 0)
    return error;
  place->depth++;
  enter(tree, place, asyncscope__debug_tree_child(tree, node));
  return 1;
}
