/* The group of a path: what stands on it, from the root of a thread down, by
 * type and site. A node's mark is its group's number, shifted behind those
 * that say that it is being followed, or that it has none.
 *
 * A chain is gone up once, its nodes remembered, to the first whose group is
 * known; then down again. A node that is met while it is being followed closes
 * a cycle: the path begins there. */
#include "groups.h"

#include "asyncscope/async_allocator.h"

enum { UNKNOWN, FOLLOWED, LOST, GROUPS };

typedef struct chain_s {
  uint32_t *nodes;
  size_t count, capacity;
} chain_t;

static int push(chain_t *chain, uint32_t node) {
  uint32_t *nodes = asyncscope__debug_grow(chain->nodes, chain->count,
                                           &chain->capacity, sizeof(*nodes));
  if (nodes == NULL)
    return UV_ENOMEM;
  chain->nodes = nodes;
  nodes[chain->count++] = node;
  return 0;
}

/* Goes up from `node`; the mark of where it stopped, or UNKNOWN at a root. */
static int go_up(debug_lineage_t *lineage, uint32_t node, chain_t *chain,
                 uint32_t *ret_mark) {
  int error = 0;
  *ret_mark = UNKNOWN;
  while (error == 0 && node != DEBUG_NODE_NONE) {
    uint32_t *mark = asyncscope__debug_node_mark(lineage, node);
    if (*mark != UNKNOWN) {
      *ret_mark = *mark;
      return 0;
    }
    error = push(chain, node);
    *mark = FOLLOWED;
    node = asyncscope__debug_node_find(
        lineage,
        asyncscope__debug_node_cause(lineage, node, DEBUG_EDGE_TRIGGER));
  }
  return error;
}

static debug_group_key_t key_of(const debug_lineage_t *lineage, uint32_t node,
                                uint32_t parent) {
  const debug_gone_t *gone = asyncscope__debug_node_gone(lineage, node);
  debug_group_key_t key = {.thread = ASYNC_THREAD_NONE, .parent = parent};
  debug_resource_t resource;
  if (gone != NULL) {
    key.type = gone->type;
    key.site = gone->site;
  } else if (asyncscope__debug_index_read(&lineage->index, node, &resource)) {
    key.type = resource.info.type;
    key.site = resource.info.site;
  }
  return key;
}

static int go_down(debug_groups_t *groups, debug_lineage_t *lineage,
                   const chain_t *chain, uint32_t parent) {
  int error = 0;
  for (size_t i = chain->count; i > 0 && error == 0; i--) {
    uint32_t node = chain->nodes[i - 1];
    debug_group_key_t key = key_of(lineage, node, parent);
    error = asyncscope__debug_groups_find(groups, &key, &parent);
    *asyncscope__debug_node_mark(lineage, node) =
        parent == DEBUG_GROUP_LOST ? LOST : parent + GROUPS;
  }
  return error;
}

int asyncscope__debug_path_group(debug_groups_t *groups,
                                 debug_lineage_t *lineage, uint32_t node,
                                 uint32_t *ret_group) {
  chain_t chain = {NULL, 0, 0};
  uint32_t mark;
  int error = go_up(lineage, node, &chain, &mark);
  if (error == 0)
    error = go_down(groups, lineage, &chain,
                    mark < GROUPS ? DEBUG_GROUP_LOST : mark - GROUPS);
  async_free(chain.nodes);
  mark = *asyncscope__debug_node_mark(lineage, node);
  *ret_group = mark < GROUPS ? DEBUG_GROUP_LOST : mark - GROUPS;
  return error;
}

/* The group that a resource stands below, where its cause has one or there is
 * no cause. */
static bool know_above(debug_lineage_t *lineage, async_ref_t cause,
                       uint32_t *ret_group) {
  uint32_t node = asyncscope__debug_cause_find(lineage, cause);
  uint32_t mark = node == DEBUG_NODE_NONE
                      ? LOST
                      : *asyncscope__debug_node_mark(lineage, node);
  *ret_group = mark < GROUPS ? DEBUG_GROUP_LOST : mark - GROUPS;
  return mark != UNKNOWN;
}

/* Almost always it is one step from a cause that is known: what was read
 * suffices. */
int asyncscope__debug_path_group_of(debug_groups_t *groups,
                                    debug_lineage_t *lineage, uint32_t node,
                                    const debug_resource_t *resource,
                                    uint32_t *ret_group) {
  debug_group_key_t key = {.thread = ASYNC_THREAD_NONE,
                           .type = resource->info.type,
                           .site = resource->info.site};
  uint32_t *mark = asyncscope__debug_node_mark(lineage, node);
  if (*mark != UNKNOWN ||
      !know_above(lineage, resource->info.trigger, &key.parent))
    return asyncscope__debug_path_group(groups, lineage, node, ret_group);
  int error = asyncscope__debug_groups_find(groups, &key, ret_group);
  *mark = *ret_group == DEBUG_GROUP_LOST ? LOST : *ret_group + GROUPS;
  return error;
}
