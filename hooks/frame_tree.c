/* What frames have in common: nodes, and below them bindings. */
#include "env.h"
#include "frame_count.h"
#include "request_count.h"

/* Bindings and nodes both begin with their count. */
static void *hold_child(void *child) {
  if (child != NULL)
    asyncscope__hold(child);
  return child;
}

void asyncscope__tree_release(asyncscope__node_t *tree) {
  if (tree == NULL || !asyncscope__let_go(&tree->references))
    return;
  for (uint32_t i = 0; i < ASYNCSCOPE__NODE_WIDTH; i++)
    if (tree->children[i] != NULL && tree->shift > 0)
      asyncscope__tree_release(tree->children[i]);
    else if (tree->children[i] != NULL)
      asyncscope__binding_release(tree->children[i]);
  asyncscope__piece_give(asyncscope__frame_memory_of(asyncscope__env),
                         ASYNCSCOPE__PIECE_NODE, tree);
}

static void share(_Atomic uint32_t *holders) {
  atomic_fetch_or_explicit(holders, ASYNCSCOPE__SHARED, memory_order_relaxed);
}

/* Others can let go of what it holds, too. */
static void share_binding(asyncscope__binding_t *binding) {
  if (binding->key != ASYNCSCOPE__KEY_NONE && binding->account != NULL &&
      asyncscope__holds_as_owner(binding, asyncscope__env))
    asyncscope__request_share(binding->account);
  share(&binding->references);
}

/* From the leaves up, so that what is marked has nothing unmarked below. */
void asyncscope__tree_share(asyncscope__node_t *tree) {
  if (tree == NULL || asyncscope__is_shared(&tree->references))
    return;
  for (uint32_t i = 0; i < ASYNCSCOPE__NODE_WIDTH; i++)
    if (tree->children[i] != NULL && tree->shift > 0)
      asyncscope__tree_share(tree->children[i]);
    else if (tree->children[i] != NULL)
      share_binding(tree->children[i]);
  share(&tree->references);
}

void asyncscope__frame_share(async_context_frame_t *frame) {
  if (frame == NULL || asyncscope__is_shared(&frame->references))
    return;
  asyncscope__tree_share(frame->tree);
  asyncscope__tree_share(frame->folded);
  if (frame->own != NULL)
    share_binding(frame->own);
  share_binding(&frame->made);
  share(&frame->references);
}

static asyncscope__node_t *node_new(uint32_t shift) {
  asyncscope__node_t *node = asyncscope__piece_take(
      asyncscope__frame_memory_of(asyncscope__env), ASYNCSCOPE__PIECE_NODE);
  if (node == NULL)
    return NULL;
  atomic_store_explicit(&node->references, 1, memory_order_relaxed);
  node->shift = shift;
  return node;
}

/* What a node of `shift` that shows what `tree` shows has at `place`. `tree`
 * may be lower: then it is the first child, of the first child, ... */
static void *child_at(const asyncscope__node_t *tree, uint32_t shift,
                      uint32_t place) {
  if (tree == NULL || (tree->shift < shift && place != 0))
    return NULL;
  return tree->shift == shift ? tree->children[place] : (void *)tree;
}

static asyncscope__node_t *node_with(const asyncscope__node_t *tree,
                                     uint32_t shift, uint32_t slot,
                                     asyncscope__binding_t *binding);

static void *changed_child(const asyncscope__node_t *tree, uint32_t shift,
                           uint32_t slot, asyncscope__binding_t *binding) {
  if (shift == 0)
    return hold_child(binding);
  return node_with(child_at(tree, shift, asyncscope__node_place(slot, shift)),
                   shift - ASYNCSCOPE__NODE_BITS, slot, binding);
}

/* Only the nodes on the way to `slot` are copied. */
static asyncscope__node_t *node_with(const asyncscope__node_t *tree,
                                     uint32_t shift, uint32_t slot,
                                     asyncscope__binding_t *binding) {
  uint32_t changed = asyncscope__node_place(slot, shift);
  void *child = changed_child(tree, shift, slot, binding);
  asyncscope__node_t *node =
      shift > 0 && child == NULL ? NULL : node_new(shift);
  if (node == NULL) {
    if (shift > 0)
      asyncscope__tree_release(child);
    else if (child != NULL)
      asyncscope__binding_release(child);
    return NULL;
  }
  for (uint32_t i = 0; i < ASYNCSCOPE__NODE_WIDTH; i++)
    node->children[i] =
        i == changed ? child : hold_child(child_at(tree, shift, i));
  return node;
}

asyncscope__node_t *asyncscope__tree_with(const asyncscope__node_t *tree,
                                          uint32_t slot,
                                          asyncscope__binding_t *binding) {
  uint32_t shift = tree == NULL ? 0 : tree->shift;
  while (slot >> shift >= ASYNCSCOPE__NODE_WIDTH)
    shift += ASYNCSCOPE__NODE_BITS;
  return node_with(tree, shift, slot, binding);
}
