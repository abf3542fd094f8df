/* Nothing here recurses, and every walk ends: the parents are first made free
 * of cycles, by hanging one node of each under its thread, then children and
 * siblings are derived from them. A hidden node keeps its parent but stands in
 * no list of children; what hangs on it hangs on its nearest shown ancestor. */
#include "tree.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

static uint32_t root_of(const debug_tree_t *tree, uint32_t thread) {
  const debug_snapshot_t *snapshot = tree->snapshot;
  const debug_thread_t *found = asyncscope__debug_find_thread(snapshot, thread);
  return found == NULL
             ? tree->node_count - 1
             : tree->first_root + (uint32_t)(found - snapshot->threads);
}

static bool is_hidden(const debug_tree_t *tree, uint32_t node) {
  return node < tree->first_gone && tree->snapshot->resources[node].hidden;
}

static async_ref_t ref_of(const debug_tree_t *tree, uint32_t node) {
  return node < tree->first_gone
             ? asyncscope__debug_ref(&tree->snapshot->resources[node])
             : tree->snapshot->gone[node - tree->first_gone].ref;
}

static async_ref_t trigger_of(const debug_tree_t *tree, uint32_t node) {
  return node < tree->first_gone
             ? tree->snapshot->resources[node].info.trigger
             : tree->snapshot->gone[node - tree->first_gone].trigger;
}

/* The node that caused `node`; a root where none is known. */
static uint32_t cause_of(const debug_tree_t *tree, uint32_t node) {
  const debug_snapshot_t *snapshot = tree->snapshot;
  async_ref_t ref = trigger_of(tree, node);
  const debug_resource_t *resource = NULL;
  const debug_gone_t *gone = NULL;
  if (asyncscope__debug_is_resource(ref)) {
    resource = asyncscope__debug_find_resource(snapshot, ref);
    gone = asyncscope__debug_find_gone(snapshot, ref);
  }
  if (resource != NULL) {
    return (uint32_t)(resource - snapshot->resources);
  }
  if (gone != NULL) {
    return tree->first_gone + (uint32_t)(gone - snapshot->gone);
  }
  bool root = ref.thread != ASYNC_THREAD_NONE && ref.async_id == ASYNC_ID_ROOT;
  return root_of(tree, root ? ref.thread : ref_of(tree, node).thread);
}

static void find_parents(debug_tree_t *tree) {
  for (uint32_t node = 0; node < tree->node_count; node++) {
    tree->parents[node] =
        node < tree->first_root ? cause_of(tree, node) : DEBUG_TREE_NONE;
  }
}

/* `passed` says for each node from which start it was first passed: meeting
 * the present start again means that the chain has closed. */
static void cut_cycles(debug_tree_t *tree, uint32_t *passed) {
  memset(passed, 0xff, tree->node_count * sizeof(*passed));
  for (uint32_t start = 0; start < tree->first_root; start++) {
    uint32_t node = start;
    while (node < tree->first_root && passed[node] == DEBUG_TREE_NONE) {
      passed[node] = start;
      node = tree->parents[node];
    }
    if (node < tree->first_root && passed[node] == start) {
      tree->parents[node] = root_of(tree, ref_of(tree, node).thread);
      tree->cut[node] = true;
    }
  }
}

static void skip_hidden(debug_tree_t *tree) {
  for (uint32_t node = 0; node < tree->first_root; node++) {
    uint32_t parent = tree->parents[node];
    while (is_hidden(tree, parent)) {
      parent = tree->parents[parent];
    }
    tree->parents[node] = parent;
  }
}

/* Pushed to the front from the last to the first, so that siblings stand in
 * the order of their numbers. */
static void find_children(debug_tree_t *tree) {
  memset(tree->children, 0xff, tree->node_count * sizeof(*tree->children));
  memset(tree->siblings, 0xff, tree->node_count * sizeof(*tree->siblings));
  for (uint32_t node = tree->node_count; node-- > 0;) {
    uint32_t parent = tree->parents[node];
    if (parent != DEBUG_TREE_NONE && !is_hidden(tree, node)) {
      tree->siblings[node] = tree->children[parent];
      tree->children[parent] = node;
    }
  }
}

static int allocate(debug_tree_t *tree) {
  tree->parents = async_calloc(tree->node_count, sizeof(*tree->parents));
  tree->children = async_calloc(tree->node_count, sizeof(*tree->children));
  tree->siblings = async_calloc(tree->node_count, sizeof(*tree->siblings));
  tree->cut = async_calloc(tree->node_count, sizeof(*tree->cut));
  bool complete = tree->parents != NULL && tree->children != NULL &&
                  tree->siblings != NULL && tree->cut != NULL;
  return complete ? 0 : UV_ENOMEM;
}

int asyncscope__debug_tree_init(debug_tree_t *tree,
                                const debug_snapshot_t *snapshot) {
  size_t nodes = snapshot->resource_count + snapshot->gone_count +
                 snapshot->thread_count + 1;
  *tree = (debug_tree_t){.snapshot = snapshot};
  if (nodes >= DEBUG_TREE_NONE) {
    return UV_E2BIG;
  }
  tree->node_count = (uint32_t)nodes;
  tree->first_gone = (uint32_t)snapshot->resource_count;
  tree->first_root = tree->first_gone + (uint32_t)snapshot->gone_count;
  int err = allocate(tree);
  if (err != 0) {
    asyncscope__debug_tree_finish(tree);
    return err;
  }
  find_parents(tree);
  cut_cycles(tree, tree->children);
  skip_hidden(tree);
  find_children(tree);
  return 0;
}

void asyncscope__debug_tree_begin(const debug_tree_t *tree,
                                  debug_tree_place_t *ret_place) {
  *ret_place = (debug_tree_place_t){.node = tree->first_root};
}

static void enter(const debug_tree_t *tree, debug_tree_place_t *place,
                  uint32_t node) {
  place->node = node;
  if (place->depth <= DEBUG_TREE_LEVELS) {
    place->more[place->depth] = tree->siblings[node] != DEBUG_TREE_NONE;
  }
}

bool asyncscope__debug_tree_next(const debug_tree_t *tree,
                                 debug_tree_place_t *place) {
  uint32_t node = place->node;
  uint32_t depth = place->depth;
  if (tree->children[node] != DEBUG_TREE_NONE) {
    place->depth++;
    enter(tree, place, tree->children[node]);
    return true;
  }
  while (node < tree->first_root && tree->siblings[node] == DEBUG_TREE_NONE) {
    node = tree->parents[node];
    depth--;
  }
  uint32_t next = node < tree->first_root ? tree->siblings[node] : node + 1;
  if (next >= tree->node_count) {
    return false;
  }
  place->depth = depth;
  enter(tree, place, next);
  return true;
}

void asyncscope__debug_tree_finish(debug_tree_t *tree) {
  async_free(tree->parents);
  async_free(tree->children);
  async_free(tree->siblings);
  async_free(tree->cut);
  *tree = (debug_tree_t){.snapshot = NULL};
}
