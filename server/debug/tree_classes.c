/* A family is taken apart child by child and put together by class, the
 * classes in the order of their first child:
 *
 *   children  a b a c b a        a a a b b c        with more than
 *                          ->                   ->  DEBUG_TREE_ALIKE a's:
 *                                                   A b b c
 *
 * A family of few keeps its order. Of children that are drawn as one the first
 * stands for all: it is parent of all their children, and the others stand in
 * no list any more. */
#include "tree_classes.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

#define SLICE 4096                    /* children looked at in a step */
#define SLOTS (4 * DEBUG_CLASSES_MAX) /* a power of two */

typedef struct class_s {
  const char *type;
  const async_site_t *site;
  bool mixed;           /* of any type and site */
  uint32_t first, last; /* nodes, in a list by siblings */
  debug_alike_t alike;
} class_t;

struct debug_classes_s {
  class_t items[DEBUG_CLASSES_MAX]; /* the last: of those that are too many */
  size_t count;
  uint16_t slots[SLOTS]; /* numbers, + 1 */
  uint32_t next;         /* the child to look at */
  bool begun;
};

debug_classes_t *asyncscope__debug_classes_create(void) {
  return async_calloc(1, sizeof(debug_classes_t));
}

void asyncscope__debug_classes_destroy(debug_classes_t *classes) {
  async_free(classes);
}

uint32_t *asyncscope__debug_tree_mark(const debug_tree_t *tree, uint32_t node) {
  return node < tree->first_forgotten
             ? asyncscope__debug_node_mark(tree->lineage, node)
             : &tree->forgotten[node - tree->first_forgotten].mark;
}

static void begin(debug_classes_t *classes, uint32_t first) {
  memset(classes->slots, 0, sizeof(classes->slots));
  classes->count = 0;
  classes->next = first;
  classes->begun = true;
}

static size_t hash_of(const char *type, const async_site_t *site) {
  uint64_t hash = (uint64_t)(uintptr_t)type ^ (uint64_t)(uintptr_t)site << 1;
  hash *= UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(hash >> 32) % SLOTS;
}

/* The class of that type and site; where there are too many the last one,
 * which has none. */
static class_t *class_of(debug_classes_t *classes, const char *type,
                         const async_site_t *site) {
  size_t at = hash_of(type, site);
  for (; classes->slots[at] != 0; at = (at + 1) % SLOTS) {
    class_t *item = &classes->items[classes->slots[at] - 1];
    if (item->type == type && item->site == site)
      return item;
  }
  if (classes->count == DEBUG_CLASSES_MAX)
    return &classes->items[DEBUG_CLASSES_MAX - 1];
  class_t *item = &classes->items[classes->count++];
  bool last = classes->count == DEBUG_CLASSES_MAX;
  *item = (class_t){.type = type,
                    .site = site,
                    .mixed = last,
                    .first = DEBUG_NODE_NONE,
                    .last = DEBUG_NODE_NONE};
  if (!last)
    classes->slots[at] = (uint16_t)classes->count;
  return item;
}

static void count(debug_alike_t *alike, async_ref_t ref, debug_state_t state,
                  uint64_t request, uint64_t age_us) {
  if (alike->count == 0) {
    alike->state = state;
    alike->request = request;
  }
  if (alike->state != state)
    alike->state = DEBUG_STATES;
  if (alike->request != request)
    alike->request = 0;
  if (age_us > alike->oldest_us)
    alike->oldest_us = age_us;
  alike->last = ref;
  alike->count++;
}

/* Behind `node` comes `next`; where that is none, it is its parent's last. */
static void set_sibling(debug_tree_t *tree, uint32_t node, uint32_t next,
                        uint32_t parent) {
  bool last = next == DEBUG_NODE_NONE;
  asyncscope__debug_nodes_set(&tree->links, node, last ? parent : next);
  tree->flags[node] &= (unsigned char)~DEBUG_TREE_LAST;
  if (last)
    tree->flags[node] |= DEBUG_TREE_LAST;
}

static void take(debug_tree_t *tree, uint32_t parent, uint32_t node) {
  debug_resource_t resource;
  debug_gone_t gone;
  class_t *item;
  if (asyncscope__debug_tree_read(tree, node, &resource, &gone)) {
    item = class_of(tree->classes, gone.type, gone.site);
    count(&item->alike, gone.ref, DEBUG_STATES, 0, 0);
  } else {
    item = class_of(tree->classes, resource.info.type, resource.info.site);
    count(&item->alike, asyncscope__debug_ref(&resource.info), resource.state,
          resource.info.request,
          asyncscope__debug_age_us(tree->capture, &resource));
  }
  if (item->last == DEBUG_NODE_NONE)
    item->first = node;
  else
    set_sibling(tree, item->last, node, parent);
  item->last = node;
  set_sibling(tree, node, DEBUG_NODE_NONE, parent);
}

/* `children` go behind the last child of `node`, which is `*last`. */
static void adopt(debug_tree_t *tree, uint32_t node, uint32_t children,
                  uint32_t *last) {
  uint32_t at = children, next;
  if (children == DEBUG_NODE_NONE)
    return;
  if (*last == DEBUG_NODE_NONE)
    asyncscope__debug_nodes_set(&tree->children, node, children);
  else
    set_sibling(tree, *last, children, node);
  while ((next = asyncscope__debug_tree_sibling(tree, at)) != DEBUG_NODE_NONE)
    at = next;
  set_sibling(tree, at, DEBUG_NODE_NONE, node);
  *last = at;
}

static void adopt_all(debug_tree_t *tree, const class_t *item) {
  uint32_t last = DEBUG_NODE_NONE;
  for (uint32_t node = item->first; node != DEBUG_NODE_NONE;
       node = asyncscope__debug_tree_sibling(tree, node))
    adopt(tree, item->first, asyncscope__debug_tree_child(tree, node), &last);
}

static int make_one(debug_tree_t *tree, uint32_t parent, class_t *item) {
  debug_alike_t *alike = asyncscope__debug_grow(
      tree->alike, tree->alike_count, &tree->alike_capacity, sizeof(*alike));
  if (alike == NULL)
    return UV_ENOMEM;
  tree->alike = alike;
  alike[tree->alike_count] = item->alike;
  *asyncscope__debug_tree_mark(tree, item->first) =
      (uint32_t)tree->alike_count++;
  tree->flags[item->first] |= DEBUG_TREE_ONE;
  adopt_all(tree, item);
  set_sibling(tree, item->first, DEBUG_NODE_NONE, parent);
  item->last = item->first;
  return 0;
}

static int put_together(debug_tree_t *tree, uint32_t parent) {
  debug_classes_t *classes = tree->classes;
  uint32_t last = DEBUG_NODE_NONE;
  int error = 0;
  for (size_t i = 0; i < classes->count && error == 0; i++) {
    class_t *item = &classes->items[i];
    if (item->alike.count > DEBUG_TREE_ALIKE && !item->mixed)
      error = make_one(tree, parent, item);
    if (last == DEBUG_NODE_NONE)
      asyncscope__debug_nodes_set(&tree->children, parent, item->first);
    else
      set_sibling(tree, last, item->first, parent);
    last = item->last;
  }
  return error;
}

static bool is_small(const debug_tree_t *tree, uint32_t node) {
  unsigned count = 0;
  for (uint32_t child = asyncscope__debug_tree_child(tree, node);
       child != DEBUG_NODE_NONE && count <= DEBUG_TREE_ALIKE;
       child = asyncscope__debug_tree_sibling(tree, child))
    count++;
  return count <= DEBUG_TREE_ALIKE;
}

int asyncscope__debug_tree_order(debug_tree_t *tree, uint32_t node) {
  debug_classes_t *classes = tree->classes;
  if ((tree->flags[node] & DEBUG_TREE_READY) != 0 || tree->apart ||
      (!classes->begun && is_small(tree, node)))
    return 0;
  if (!classes->begun)
    begin(classes, asyncscope__debug_tree_child(tree, node));
  for (unsigned i = 0; i < SLICE && classes->next != DEBUG_NODE_NONE; i++) {
    uint32_t child = classes->next;
    classes->next = asyncscope__debug_tree_sibling(tree, child);
    take(tree, node, child);
  }
  if (classes->next != DEBUG_NODE_NONE)
    return UV_EAGAIN;
  classes->begun = false;
  tree->flags[node] |= DEBUG_TREE_READY;
  return put_together(tree, node);
}
