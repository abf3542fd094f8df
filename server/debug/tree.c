/* Nothing here recurses, and every walk ends: the parents are first made free
 * of cycles, by hanging one node of each under its thread, then children and
 * siblings are derived from them, in the same memory: a million nodes take 12
 * to 15 MB with the index. A hidden node keeps its parent but stands in
 * no list of children; what hangs on it hangs on its nearest ancestor that is
 * shown. Where only some resources are shown, their ancestors are, too. */
#include "tree.h"

#include "asyncscope/async_allocator.h"
#include "subtree.h"
#include "tree_classes.h"
#include <stdlib.h>
#include <string.h>

#define SLICE 4096 /* nodes looked at in a step */

enum { INDEX, PARENTS, NUMBERS, LINKS, READY };

void asyncscope__debug_tree_begin(debug_tree_t *tree,
                                  const debug_capture_t *capture,
                                  debug_filter_t *filter, bool apart) {
  *tree = (debug_tree_t){.capture = capture, .filter = filter, .apart = apart};
  tree->lineage =
      filter->subtree != NULL ? &filter->subtree->lineage : &tree->own;
  if (filter->subtree == NULL)
    asyncscope__debug_lineage_begin(&tree->own, capture);
}

static uint32_t parent_of(const debug_tree_t *tree, uint32_t node) {
  return asyncscope__debug_nodes_get(&tree->links, node);
}

static void set_parent(debug_tree_t *tree, uint32_t node, uint32_t parent) {
  asyncscope__debug_nodes_set(&tree->links, node, parent);
}

static uint32_t known_count(const debug_tree_t *tree) {
  return asyncscope__debug_lineage_count(tree->lineage);
}

/* For all that is known, and as many roots and forgotten ones as there may be:
 * what is never touched costs nothing. */
static int allocate(debug_tree_t *tree) {
  size_t most = (size_t)known_count(tree) + DEBUG_TREE_FORGOTTEN +
                tree->capture->thread_count + 1;
  if (most >= DEBUG_NODE_NONE)
    return UV_E2BIG;
  if (asyncscope__debug_nodes_init(&tree->links, most) != 0)
    return UV_ENOMEM;
  tree->flags = async_calloc(most, sizeof(*tree->flags));
  tree->classes = asyncscope__debug_classes_create();
  return tree->flags != NULL && tree->classes != NULL ? 0 : UV_ENOMEM;
}

static int forget(debug_tree_t *tree, async_ref_t ref) {
  if (tree->forgotten_count == DEBUG_TREE_FORGOTTEN)
    return 0;
  debug_forgotten_t *forgotten =
      asyncscope__debug_grow(tree->forgotten, tree->forgotten_count,
                             &tree->forgotten_capacity, sizeof(*forgotten));
  if (forgotten == NULL)
    return UV_ENOMEM;
  tree->forgotten = forgotten;
  forgotten[tree->forgotten_count++] = (debug_forgotten_t){.ref = ref};
  return 0;
}

static void flag(debug_tree_t *tree, uint32_t node,
                 const debug_resource_t *resource) {
  if (asyncscope__debug_matches(tree->filter, resource)) {
    tree->flags[node] |= DEBUG_TREE_SHOWN;
    tree->shown++;
  }
  if (resource->info.internal && !tree->filter->internal)
    tree->flags[node] |= DEBUG_TREE_HIDDEN;
}

/* The parent where it is known; else the cause is remembered as forgotten, or
 * a root will be found. */
static int find_parent(debug_tree_t *tree, uint32_t node) {
  debug_resource_t resource;
  debug_gone_t gone;
  async_ref_t cause;
  if (asyncscope__debug_tree_read(tree, node, &resource, &gone)) {
    cause = gone.trigger;
  } else {
    cause = resource.info.trigger;
    flag(tree, node, &resource);
  }
  uint32_t parent = asyncscope__debug_node_find(tree->lineage, cause);
  set_parent(tree, node, parent);
  return parent != DEBUG_NODE_NONE || !asyncscope__debug_is_resource(cause)
             ? 0
             : forget(tree, cause);
}

static int find_parents(debug_tree_t *tree) {
  uint32_t count = known_count(tree);
  for (unsigned i = 0; i < SLICE; i++) {
    if (tree->at == count)
      return 0;
    int error = find_parent(tree, tree->at++);
    if (error != 0)
      return error;
  }
  return UV_EAGAIN;
}

static int compare(const void *a, const void *b) {
  return asyncscope__debug_compare_refs(((const debug_forgotten_t *)a)->ref,
                                        ((const debug_forgotten_t *)b)->ref);
}

/* Each once, though many may have led to it. */
static void sort_forgotten(debug_tree_t *tree) {
  debug_forgotten_t *items = tree->forgotten;
  size_t kept = 0;
  if (tree->forgotten_count > 1)
    qsort(items, tree->forgotten_count, sizeof(*items), compare);
  for (size_t i = 0; i < tree->forgotten_count; i++)
    if (kept == 0 || compare(&items[kept - 1], &items[i]) != 0)
      items[kept++] = items[i];
  tree->forgotten_count = kept;
}

static uint32_t root_of(const debug_tree_t *tree, uint32_t thread) {
  const debug_thread_t *found =
      asyncscope__debug_find_thread(tree->capture, thread);
  return found == NULL
             ? tree->node_count - 1
             : tree->first_root + (uint32_t)(found - tree->capture->threads);
}

static async_ref_t ref_of(const debug_tree_t *tree, uint32_t node) {
  return node < tree->first_forgotten
             ? asyncscope__debug_node_ref(tree->lineage, node)
             : tree->forgotten[node - tree->first_forgotten].ref;
}

/* For a node whose cause is no known one. */
static uint32_t other_parent(const debug_tree_t *tree, uint32_t node) {
  async_ref_t cause = {ASYNC_THREAD_NONE, ASYNC_ID_UNSET};
  if (node < tree->first_forgotten)
    cause =
        asyncscope__debug_node_cause(tree->lineage, node, DEBUG_EDGE_TRIGGER);
  const debug_forgotten_t key = {.ref = cause};
  const debug_forgotten_t *found =
      tree->forgotten_count == 0
          ? NULL
          : bsearch(&key, tree->forgotten, tree->forgotten_count,
                    sizeof(*tree->forgotten), compare);
  if (found != NULL)
    return tree->first_forgotten + (uint32_t)(found - tree->forgotten);
  bool root =
      cause.thread != ASYNC_THREAD_NONE && cause.async_id == ASYNC_ID_ROOT;
  return root_of(tree, root ? cause.thread : ref_of(tree, node).thread);
}

/* What says who is below a root is not needed any more: the children take its
 * memory, and marks that are hardly used other that is not touched. */
static int take_children(debug_tree_t *tree) {
  bool marked = tree->lineage != &tree->own;
  if (marked)
    asyncscope__debug_lineage_drop_marks(tree->lineage);
  int error = asyncscope__debug_nodes_init(&tree->children, tree->node_count);
  return error != 0 || !marked
             ? error
             : asyncscope__debug_lineage_unmark(tree->lineage);
}

static int number_nodes(debug_tree_t *tree) {
  sort_forgotten(tree);
  tree->first_forgotten = known_count(tree);
  tree->first_root = tree->first_forgotten + (uint32_t)tree->forgotten_count;
  tree->node_count =
      tree->first_root + (uint32_t)tree->capture->thread_count + 1;
  tree->at = 0;
  return take_children(tree);
}

static int find_other_parents(debug_tree_t *tree) {
  for (unsigned i = 0; i < SLICE; i++) {
    if (tree->at == tree->first_root)
      return 0;
    uint32_t node = tree->at++;
    if (parent_of(tree, node) == DEBUG_NODE_NONE)
      set_parent(tree, node, other_parent(tree, node));
  }
  return UV_EAGAIN;
}

/* Up to where the chain has been followed before, or to its end: that node. */
static uint32_t follow(debug_tree_t *tree, uint32_t node) {
  while (node < tree->first_root &&
         (tree->flags[node] & (DEBUG_TREE_ON_WAY | DEBUG_TREE_PASSED)) == 0) {
    tree->flags[node] |= DEBUG_TREE_ON_WAY;
    node = parent_of(tree, node);
  }
  return node;
}

static void pass(debug_tree_t *tree, uint32_t node) {
  while (node < tree->first_root &&
         (tree->flags[node] & DEBUG_TREE_ON_WAY) != 0) {
    tree->flags[node] ^= DEBUG_TREE_ON_WAY | DEBUG_TREE_PASSED;
    node = parent_of(tree, node);
  }
}

/* A chain that ends on its own way has closed. */
static void cut_cycles(debug_tree_t *tree) {
  for (uint32_t start = 0; start < tree->first_root; start++) {
    uint32_t node = follow(tree, start);
    bool closed =
        node < tree->first_root && (tree->flags[node] & DEBUG_TREE_ON_WAY) != 0;
    pass(tree, start);
    if (closed) {
      set_parent(tree, node, root_of(tree, ref_of(tree, node).thread));
      tree->flags[node] |= DEBUG_TREE_CUT;
    }
  }
}

static bool is_hidden(const debug_tree_t *tree, uint32_t node) {
  return (tree->flags[node] & DEBUG_TREE_HIDDEN) != 0;
}

static void skip_hidden(debug_tree_t *tree) {
  for (uint32_t node = 0; node < tree->first_root; node++) {
    uint32_t parent = parent_of(tree, node);
    while (is_hidden(tree, parent))
      parent = parent_of(tree, parent);
    set_parent(tree, node, parent);
  }
}

/* Every ancestor of what is shown is shown; each chain is gone up once. */
static void show_ancestors(debug_tree_t *tree) {
  for (uint32_t start = 0; start < tree->lineage->index.count; start++) {
    if ((tree->flags[start] & DEBUG_TREE_SHOWN) == 0)
      continue;
    uint32_t node = parent_of(tree, start);
    while ((tree->flags[node] & DEBUG_TREE_SHOWN) == 0) {
      tree->flags[node] |= DEBUG_TREE_SHOWN;
      if (node >= tree->first_root)
        break;
      node = parent_of(tree, node);
    }
  }
}

/* Pushed to the front from the last to the first, so that siblings stand in
 * the order of their numbers; the first that is pushed keeps its parent. */
static void find_children(debug_tree_t *tree) {
  for (uint32_t node = tree->first_root; node-- > 0;) {
    uint32_t parent = parent_of(tree, node);
    if ((tree->flags[node] & DEBUG_TREE_SHOWN) == 0 || is_hidden(tree, node))
      continue;
    uint32_t first = asyncscope__debug_tree_child(tree, parent);
    if (first == DEBUG_NODE_NONE)
      tree->flags[node] |= DEBUG_TREE_LAST;
    else
      asyncscope__debug_nodes_set(&tree->links, node, first);
    asyncscope__debug_nodes_set(&tree->children, parent, node);
  }
}

static void link_nodes(debug_tree_t *tree) {
  cut_cycles(tree);
  skip_hidden(tree);
  show_ancestors(tree);
  find_children(tree);
}

int asyncscope__debug_tree_build(debug_tree_t *tree) {
  int error = 0;
  if (tree->stage == INDEX) {
    error = asyncscope__debug_lineage_build(tree->lineage);
    if (error == 0)
      error = allocate(tree);
    tree->stage += error == 0;
  }
  if (tree->stage == PARENTS) {
    error = find_parents(tree);
    if (error == 0)
      error = number_nodes(tree);
    tree->stage += error == 0;
  }
  if (tree->stage == NUMBERS) {
    error = find_other_parents(tree);
    tree->stage += error == 0;
  }
  if (tree->stage == LINKS) {
    link_nodes(tree);
    tree->stage = READY;
  }
  return error;
}

bool asyncscope__debug_tree_read(const debug_tree_t *tree, uint32_t node,
                                 debug_resource_t *ret_resource,
                                 debug_gone_t *ret_gone) {
  const debug_lineage_t *lineage = tree->lineage;
  if (node < lineage->index.count) {
    if (asyncscope__debug_index_read(&lineage->index, node, ret_resource))
      return false;
    *ret_gone =
        asyncscope__debug_forgotten(asyncscope__debug_node_ref(lineage, node));
  } else if (node < known_count(tree)) {
    *ret_gone = *asyncscope__debug_node_gone(lineage, node);
  } else {
    *ret_gone = asyncscope__debug_forgotten(
        tree->forgotten[node - tree->first_forgotten].ref);
  }
  return true;
}

const debug_alike_t *asyncscope__debug_tree_alike(const debug_tree_t *tree,
                                                  uint32_t node) {
  return &tree->alike[*asyncscope__debug_tree_mark(tree, node)];
}

void asyncscope__debug_tree_finish(debug_tree_t *tree) {
  asyncscope__debug_lineage_finish(&tree->own);
  asyncscope__debug_classes_destroy(tree->classes);
  async_free(tree->forgotten);
  asyncscope__debug_nodes_finish(&tree->links);
  asyncscope__debug_nodes_finish(&tree->children);
  async_free(tree->flags);
  async_free(tree->alike);
  *tree = (debug_tree_t){.capture = NULL};
}
