/* Vertices first, then edges. In a graph of single resources the mark of a
 * node is its vertex, + 1; in one of groups the vertex follows from what the
 * record says, or from the path of its causes. */
#include "graph.h"

#include "opening.h"

#include "asyncscope/async_allocator.h"

#define SLICE 4096 /* nodes looked at in a step */

enum { SUBTREE, COUNT, LINEAGE, VERTICES, EDGES, READY };

static int init_parts(debug_graph_t *graph, const debug_query_t *query) {
  debug_capture_t *capture = &graph->capture;
  bool given = asyncscope__debug_given(query, DEBUG_PARAM_GROUP_BY);
  debug_group_by_t by =
      given ? (debug_group_by_t)query->group_by : DEBUG_GROUP_SITE;
  graph->filter = asyncscope__debug_filter(capture, query);
  graph->walk = asyncscope__debug_walk_all(capture);
  graph->grouped = given && by != DEBUG_GROUP_NONE;
  int error = asyncscope__debug_groups_init(&graph->groups, by);
  if (error == 0)
    error = asyncscope__debug_edges_init(&graph->edges);
  asyncscope__debug_lineage_begin(&graph->lineage, capture);
  if (asyncscope__debug_given(query, DEBUG_PARAM_ROOT)) {
    asyncscope__debug_subtree_begin(&graph->subtree, capture, query);
    graph->filter.subtree = &graph->subtree;
  }
  return error;
}

int asyncscope__debug_graph_init(debug_graph_t *graph,
                                 const debug_call_t *call) {
  const debug_query_t *query = call->query;
  *graph = (debug_graph_t){.query = query};
  if (asyncscope__debug_given(query, DEBUG_PARAM_DEPTH) &&
      !asyncscope__debug_given(query, DEBUG_PARAM_ROOT))
    return asyncscope__debug_refuse(call, 400, "depth= goes with root=");
  int error = asyncscope__debug_open_capture(&graph->capture, call);
  if (error == 0)
    error = init_parts(graph, query);
  if (error != 0)
    asyncscope__debug_graph_finish(graph);
  return error;
}

static int count(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_graph_t *graph = arg;
  debug_resource_t resource;
  asyncscope__debug_describe(&graph->capture, thread, info, &resource);
  graph->matched += asyncscope__debug_matches(&graph->filter, &resource);
  return 0;
}

/* Many are drawn in groups; where somebody wanted it so or otherwise, nothing
 * depends on how many there are. */
static int count_matched(debug_graph_t *graph) {
  if (asyncscope__debug_given(graph->query, DEBUG_PARAM_GROUP_BY))
    return 0;
  int error = asyncscope__debug_walk_slice(&graph->walk, count, graph);
  if (error == 0)
    graph->grouped = graph->matched > DEBUG_GRAPH_APART;
  return error;
}

static int add_vertex(debug_graph_t *graph, uint32_t node, uint64_t request) {
  debug_vertex_t *vertices = asyncscope__debug_grow(
      graph->vertices, graph->count, &graph->capacity, sizeof(*vertices));
  if (vertices == NULL)
    return UV_ENOMEM;
  graph->vertices = vertices;
  vertices[graph->count++] = (debug_vertex_t){node, request};
  if (node != DEBUG_NODE_NONE)
    *asyncscope__debug_node_mark(&graph->lineage, node) =
        (uint32_t)graph->count;
  return 0;
}

/* Groups become vertices in the order in which they are met. */
static int add_group_vertices(debug_graph_t *graph) {
  int error = 0;
  while (error == 0 && graph->count < graph->groups.count)
    error = add_vertex(graph, DEBUG_NODE_NONE, 0);
  return error;
}

static int add_matching(debug_graph_t *graph, uint32_t node,
                        const debug_resource_t *resource) {
  uint32_t group;
  graph->matched += asyncscope__debug_given(graph->query, DEBUG_PARAM_GROUP_BY);
  if (graph->grouped) {
    int error =
        asyncscope__debug_groups_add(&graph->groups, &graph->capture,
                                     &graph->lineage, node, resource, &group);
    return error == 0 ? add_group_vertices(graph) : error;
  }
  if (graph->count == graph->query->limit) {
    graph->cut = true;
    return 0;
  }
  return add_vertex(graph, node, resource->info.request);
}

/* Reads the next live node that matches; false where the slice is over. */
static bool next_matching(debug_graph_t *graph, unsigned *turns,
                          debug_resource_t *ret_resource) {
  const debug_index_t *index = &graph->lineage.index;
  for (; *turns < SLICE && graph->at < index->count; ++*turns, graph->at++)
    if (asyncscope__debug_index_read(index, graph->at, ret_resource) &&
        asyncscope__debug_matches(&graph->filter, ret_resource))
      return true;
  return false;
}

static int for_each_matching(debug_graph_t *graph,
                             int (*cb)(debug_graph_t *, uint32_t,
                                       const debug_resource_t *)) {
  debug_resource_t resource;
  unsigned turns = 0;
  while (next_matching(graph, &turns, &resource)) {
    int error = cb(graph, graph->at++, &resource);
    if (error != 0)
      return error;
  }
  return graph->at == graph->lineage.index.count ? 0 : UV_EAGAIN;
}

/* The vertex of a live cause, or DEBUG_GROUP_LOST. */
static int group_vertex(debug_graph_t *graph, uint32_t node,
                        uint32_t *ret_vertex) {
  const debug_gone_t *gone = asyncscope__debug_node_gone(&graph->lineage, node);
  debug_resource_t resource;
  debug_group_key_t key;
  *ret_vertex = DEBUG_GROUP_LOST;
  if (gone == NULL &&
      (!asyncscope__debug_index_read(&graph->lineage.index, node, &resource) ||
       !asyncscope__debug_matches(&graph->filter, &resource)))
    return 0;
  if (graph->groups.by == DEBUG_GROUP_PATH)
    return asyncscope__debug_path_group(&graph->groups, &graph->lineage, node,
                                        ret_vertex);
  key = gone == NULL
            ? asyncscope__debug_group_key(graph->groups.by, &resource.info)
            : asyncscope__debug_gone_key(graph->groups.by, gone);
  return asyncscope__debug_groups_find(&graph->groups, &key, ret_vertex);
}

static int single_vertex(debug_graph_t *graph, uint32_t node,
                         uint32_t *ret_vertex) {
  uint32_t mark = *asyncscope__debug_node_mark(&graph->lineage, node);
  bool gone = asyncscope__debug_node_gone(&graph->lineage, node) != NULL;
  *ret_vertex = DEBUG_GROUP_LOST;
  if (mark == 0 && gone && graph->gone < DEBUG_GRAPH_GONE) {
    int error = add_vertex(graph, node, 0);
    if (error != 0)
      return error;
    graph->gone++;
    mark = (uint32_t)graph->count;
  }
  if (mark != 0)
    *ret_vertex = mark - 1;
  return 0;
}

/* Neighbours mostly have one cause: what was found for it is kept. */
static int cause_vertex(debug_graph_t *graph, uint32_t node,
                        uint32_t *ret_vertex) {
  int error = 0;
  if (!graph->cause.known || graph->cause.node != node) {
    graph->cause.node = node;
    error = graph->grouped ? group_vertex(graph, node, &graph->cause.vertex)
                           : single_vertex(graph, node, &graph->cause.vertex);
    graph->cause.known = error == 0;
  }
  *ret_vertex = graph->cause.vertex;
  return error;
}

/* Of one that matches, whose record has been read. */
static int own_vertex(debug_graph_t *graph, uint32_t node,
                      const debug_resource_t *resource, uint32_t *ret_vertex) {
  return graph->grouped
             ? asyncscope__debug_groups_of(&graph->groups, &graph->lineage,
                                           node, resource, ret_vertex)
             : single_vertex(graph, node, ret_vertex);
}

/* Where the cause is gone, its own cause follows, each of the gone once. */
static int add_edge(debug_graph_t *graph, uint32_t to, async_ref_t cause,
                    debug_edge_t edge) {
  debug_gone_t *gone = NULL;
  int error = 0;
  do {
    uint32_t node = asyncscope__debug_cause_find(&graph->lineage, cause);
    uint32_t from = DEBUG_GROUP_LOST;
    if (node != DEBUG_NODE_NONE)
      error = cause_vertex(graph, node, &from);
    if (error != 0 || from == DEBUG_GROUP_LOST)
      return error;
    error = asyncscope__debug_edges_add(&graph->edges, from, to, edge);
    gone = asyncscope__debug_node_gone(&graph->lineage, node);
    if (gone == NULL || gone->passed)
      return error;
    gone->passed = true;
    to = from;
    cause = gone->trigger;
    edge = DEBUG_EDGE_TRIGGER;
  } while (error == 0);
  return error;
}

/* An execution that is the trigger, too, is no edge of its own. */
static int add_edges(debug_graph_t *graph, uint32_t node,
                     const debug_resource_t *resource) {
  async_ref_t execution = asyncscope__debug_execution(&resource->info);
  uint32_t to;
  int error = own_vertex(graph, node, resource, &to);
  if (error != 0 || to == DEBUG_GROUP_LOST)
    return error;
  error = add_edge(graph, to, resource->info.trigger, DEBUG_EDGE_TRIGGER);
  if (error == 0 &&
      !asyncscope__debug_same_ref(execution, resource->info.trigger))
    error = add_edge(graph, to, execution, DEBUG_EDGE_EXECUTION);
  return error == 0 && graph->grouped ? add_group_vertices(graph) : error;
}

static void finish_building(debug_graph_t *graph) {
  size_t limit = (size_t)graph->query->limit;
  graph->shown = graph->count;
  if (graph->grouped && graph->count > limit) {
    graph->shown = limit;
    graph->cut = true;
  }
  graph->cut |= graph->edges.others > 0 || graph->groups.others > 0;
}

static int next_stage(debug_graph_t *graph) {
  switch (graph->stage) {
  case SUBTREE:
    return graph->filter.subtree == NULL
               ? 0
               : asyncscope__debug_subtree_build(&graph->subtree);
  case COUNT:
    return count_matched(graph);
  case LINEAGE:
    return asyncscope__debug_lineage_build(&graph->lineage);
  case VERTICES:
    return for_each_matching(graph, add_matching);
  default:
    return for_each_matching(graph, add_edges);
  }
}

int asyncscope__debug_graph_build(debug_graph_t *graph) {
  int error = 0;
  while (graph->stage < READY && error == 0) {
    error = next_stage(graph);
    if (error == 0) {
      graph->stage++;
      graph->at = 0;
    }
    if (error == 0 && graph->stage == READY)
      finish_building(graph);
  }
  return error;
}

void asyncscope__debug_graph_finish(debug_graph_t *graph) {
  asyncscope__debug_groups_finish(&graph->groups);
  asyncscope__debug_edges_finish(&graph->edges);
  asyncscope__debug_lineage_finish(&graph->lineage);
  asyncscope__debug_subtree_finish(&graph->subtree);
  asyncscope__debug_capture_finish(&graph->capture);
  async_free(graph->vertices);
  graph->vertices = NULL;
}
