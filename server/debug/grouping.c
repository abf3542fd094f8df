#include "grouping.h"

#include "opening.h"

#include "asyncscope/async_allocator.h"

static int check(const debug_call_t *call) {
  const debug_query_t *query = call->query;
  if (asyncscope__debug_given(query, DEBUG_PARAM_DEPTH) &&
      !asyncscope__debug_given(query, DEBUG_PARAM_ROOT))
    return asyncscope__debug_refuse(call, 400, "depth= goes with root=");
  if (asyncscope__debug_given(query, DEBUG_PARAM_CURSOR))
    return asyncscope__debug_refuse(call, 400,
                                    "cursor= does not go with group_by=");
  if (asyncscope__debug_given(query, DEBUG_PARAM_FIELDS))
    return asyncscope__debug_refuse(call, 400,
                                    "fields= does not go with group_by=");
  return 0;
}

static int init_parts(debug_grouping_t *grouping) {
  const debug_query_t *query = grouping->query;
  debug_capture_t *capture = &grouping->capture;
  bool given = asyncscope__debug_given(query, DEBUG_PARAM_GROUP_BY);
  debug_group_by_t by =
      given ? (debug_group_by_t)query->group_by : DEBUG_GROUP_SITE;
  int error = asyncscope__debug_groups_init(&grouping->groups, by);
  grouping->filter = asyncscope__debug_filter(capture, query);
  grouping->walk = asyncscope__debug_walk_all(capture);
  if (by == DEBUG_GROUP_PATH)
    asyncscope__debug_lineage_begin(&grouping->lineage, capture);
  if (asyncscope__debug_given(query, DEBUG_PARAM_ROOT)) {
    asyncscope__debug_subtree_begin(&grouping->subtree, capture, query);
    grouping->filter.subtree = &grouping->subtree;
  }
  return error;
}

int asyncscope__debug_grouping_init(debug_grouping_t *grouping,
                                    const debug_call_t *call) {
  int error = check(call);
  *grouping = (debug_grouping_t){.query = call->query};
  if (error == 0)
    error = asyncscope__debug_open_capture(&grouping->capture, call);
  if (error == 0)
    error = init_parts(grouping);
  if (error != 0)
    asyncscope__debug_grouping_finish(grouping);
  return error;
}

static int add(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_grouping_t *grouping = arg;
  debug_resource_t resource;
  uint32_t group, node = DEBUG_NODE_NONE;
  asyncscope__debug_describe(&grouping->capture, thread, info, &resource);
  if (!asyncscope__debug_matches(&grouping->filter, &resource))
    return 0;
  grouping->matched++;
  if (grouping->groups.by == DEBUG_GROUP_PATH)
    node = asyncscope__debug_node_find(&grouping->lineage,
                                       asyncscope__debug_ref(info));
  return asyncscope__debug_groups_add(&grouping->groups, &grouping->capture,
                                      &grouping->lineage, node, &resource,
                                      &group);
}

/* Smaller stands first; among equals the one with the first resource. */
static uint64_t value_of(const debug_grouping_t *grouping,
                         const debug_group_t *group) {
  bool given = asyncscope__debug_given(grouping->query, DEBUG_PARAM_SORT);
  debug_order_t order = grouping->query->order;
  uint64_t value = group->count;
  if (given && order.by == DEBUG_SORT_ID)
    return 0;
  if (given && order.by == DEBUG_SORT_AGE)
    value = group->oldest_us;
  if (given && order.by == DEBUG_SORT_RUN_TIME)
    value = group->run_us;
  return given && !order.descending ? value : UINT64_MAX - value;
}

static bool stands_before(const debug_grouping_t *grouping, uint32_t a,
                          uint32_t b) {
  const debug_group_t *left = &grouping->groups.items[a];
  const debug_group_t *right = &grouping->groups.items[b];
  uint64_t left_value = value_of(grouping, left);
  uint64_t right_value = value_of(grouping, right);
  int order = asyncscope__debug_compare_refs(left->oldest, right->oldest);
  if (left_value != right_value)
    return left_value < right_value;
  return order != 0 ? order < 0 : a < b;
}

static void sink(const debug_grouping_t *grouping, uint32_t *heap, size_t count,
                 size_t at) {
  uint32_t moved = heap[at];
  while (2 * at + 1 < count) {
    size_t child = 2 * at + 1;
    if (child + 1 < count &&
        stands_before(grouping, heap[child], heap[child + 1]))
      child++;
    if (!stands_before(grouping, moved, heap[child]))
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

/* A heap sort: what it compares by lies elsewhere. */
static void sort(debug_grouping_t *grouping) {
  uint32_t *order = grouping->order;
  size_t count = grouping->found;
  for (size_t i = count / 2; i > 0; i--)
    sink(grouping, order, count, i - 1);
  for (; count > 1; count--) {
    uint32_t last = order[0];
    order[0] = order[count - 1];
    order[count - 1] = last;
    sink(grouping, order, count - 1, 0);
  }
}

static int rank(debug_grouping_t *grouping) {
  grouping->order =
      async_calloc(grouping->groups.count + 1, sizeof(*grouping->order));
  if (grouping->order == NULL)
    return UV_ENOMEM;
  for (uint32_t i = 0; i < grouping->groups.count; i++)
    if (grouping->groups.items[i].count > 0)
      grouping->order[grouping->found++] = i;
  sort(grouping);
  grouping->shown = grouping->found < grouping->query->limit
                        ? grouping->found
                        : (size_t)grouping->query->limit;
  return 0;
}

int asyncscope__debug_grouping_build(debug_grouping_t *grouping) {
  int error = 0;
  if (grouping->filter.subtree != NULL)
    error = asyncscope__debug_subtree_build(&grouping->subtree);
  if (error == 0 && grouping->groups.by == DEBUG_GROUP_PATH)
    error = asyncscope__debug_lineage_build(&grouping->lineage);
  if (error == 0)
    error = asyncscope__debug_walk_slice(&grouping->walk, add, grouping);
  return error == 0 ? rank(grouping) : error;
}

void asyncscope__debug_grouping_finish(debug_grouping_t *grouping) {
  async_free(grouping->order);
  asyncscope__debug_groups_finish(&grouping->groups);
  asyncscope__debug_lineage_finish(&grouping->lineage);
  asyncscope__debug_subtree_finish(&grouping->subtree);
  asyncscope__debug_capture_finish(&grouping->capture);
  grouping->order = NULL;
}
