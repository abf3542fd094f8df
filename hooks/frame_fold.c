/* All that a frame shows, as one tree: what a frame made from it is made of. */
#include "env.h"
#include "frame_count.h"

/* What hangs below a shared frame is shared. */
static void keep_folded(async_context_frame_t *base,
                        asyncscope__node_t *folded) {
  base->folded = asyncscope__tree_hold(folded);
  if (asyncscope__is_shared(&base->references))
    asyncscope__tree_share(folded);
}

/* All that `base` shows as a tree, held. False without memory. */
static bool fold(const async_env_t *env, async_context_frame_t *base,
                 asyncscope__node_t **ret_tree) {
  bool own = base->maker == env;
  asyncscope__node_t *tree = own ? asyncscope__tree_hold(base->folded) : NULL;
  if (tree == NULL) {
    tree = asyncscope__tree_with(base->tree, base->own_slot, base->own);
    if (own && tree != NULL)
      keep_folded(base, tree);
  }
  *ret_tree = tree;
  return tree != NULL;
}

/* A binding that is not shown any more is not held either. False without
 * memory. */
static bool take_out(asyncscope__node_t **tree, uint32_t slot) {
  asyncscope__node_t *with_it = *tree;
  *tree = asyncscope__tree_with(with_it, slot, NULL);
  asyncscope__tree_release(with_it);
  return *tree != NULL;
}

bool asyncscope__frame_fold(const async_env_t *env, async_context_frame_t *base,
                            uint32_t slot, asyncscope__node_t **ret_tree) {
  return fold(env, base, ret_tree) &&
         (asyncscope__tree_find(*ret_tree, slot) == NULL ||
          take_out(ret_tree, slot));
}
