#include "graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void asyncscope__debug_vertex_id(const debug_graph_t *graph, size_t vertex,
                                 char ret_id[32]) {
  uint32_t node = graph->vertices[vertex].node;
  if (node == DEBUG_NODE_NONE) {
    snprintf(ret_id, 32, "g%zu", vertex);
    return;
  }
  async_ref_t ref = asyncscope__debug_node_ref(&graph->lineage, node);
  snprintf(ret_id, 32, "%" PRIu32 ":%" PRId64, ref.thread, ref.async_id);
}

static void read_group(const debug_graph_t *graph, size_t vertex,
                       debug_vertex_info_t *info) {
  info->group = &graph->groups.items[vertex];
  info->gone = info->group->count == 0;
  info->type = info->group->key.type;
  info->site = info->group->key.site;
}

void asyncscope__debug_vertex_read(const debug_graph_t *graph, size_t vertex,
                                   debug_vertex_info_t *ret_info) {
  uint32_t node = graph->vertices[vertex].node;
  *ret_info = (debug_vertex_info_t){.gone = true, .name = ""};
  asyncscope__debug_vertex_id(graph, vertex, ret_info->id);
  if (node == DEBUG_NODE_NONE) {
    read_group(graph, vertex, ret_info);
    return;
  }
  const debug_gone_t *gone = asyncscope__debug_node_gone(&graph->lineage, node);
  if (gone != NULL) {
    ret_info->type = gone->type;
    ret_info->site = gone->site;
  } else if (asyncscope__debug_index_read(&graph->lineage.index, node,
                                          &ret_info->resource)) {
    ret_info->gone = false;
    ret_info->type = ret_info->resource.info.type;
    ret_info->site = ret_info->resource.info.site;
    ret_info->name = ret_info->resource.info.name;
  }
}

static int compare(const void *a, const void *b, void *arg) {
  const debug_graph_t *graph = arg;
  uint32_t left = *(const uint32_t *)a;
  uint32_t right = *(const uint32_t *)b;
  uint64_t left_request = graph->vertices[left].request;
  uint64_t right_request = graph->vertices[right].request;
  if (left_request != right_request)
    return left_request < right_request ? -1 : 1;
  return (left > right) - (left < right);
}

void asyncscope__debug_graph_by_request(debug_graph_t *graph,
                                        uint32_t *ret_order) {
  for (uint32_t i = 0; i < graph->shown; i++)
    ret_order[i] = i;
  if (graph->shown > 1)
    qsort_r(ret_order, graph->shown, sizeof(*ret_order), compare, graph);
}
