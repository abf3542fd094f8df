/* /debug/graph as the frames of Grafana's node graph panel, which draws up to
 * 1,500 nodes. */
#include "document.h"
#include "formats.h"
#include "graph.h"
#include "json_fields.h"
#include "text.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NODES_MAX 1500

typedef struct graph_nodes_s {
  debug_document_t document;
  debug_graph_t graph;
  size_t vertex, edge;
} graph_nodes_t;

static int prepare(void *state, json_writer_t *writer) {
  graph_nodes_t *nodes = state;
  (void)writer;
  int error = asyncscope__debug_graph_build(&nodes->graph);
  if (error == 0 && nodes->graph.shown > NODES_MAX)
    nodes->graph.shown = NODES_MAX;
  return error;
}

static int begin_nodes(void *state, json_writer_t *writer) {
  (void)state;
  return asyncscope__json_open_array(writer, "nodes");
}

static void put_site(json_fields_t *fields, const char *key,
                     const async_site_t *site) {
  char text[DEBUG_TEXT_MAX_BYTES];
  const char *slash =
      site == NULL || site->file == NULL ? NULL : strrchr(site->file, '/');
  if (site == NULL || site->file == NULL)
    return;
  snprintf(text, sizeof(text), "%s:%" PRIu32,
           slash == NULL ? site->file : slash + 1, site->line);
  asyncscope__json_put_text(fields, key, text);
}

/* The arcs of a node sum to 1: how many of it run, wait, or have ended. */
static void put_arcs(json_fields_t *fields, const debug_vertex_info_t *info) {
  const debug_group_t *group = info->group;
  bool running =
      !info->gone && group == NULL && info->resource.state == DEBUG_RUNNING;
  double share = running ? 1 : 0;
  if (group != NULL && group->count > 0)
    share = (double)group->states[DEBUG_RUNNING] / (double)group->count;
  asyncscope__json_put(fields, "arc__running", json_real(share));
  asyncscope__json_put(fields, "arc__waiting",
                       json_real(info->gone ? 0 : 1 - share));
  asyncscope__json_put(fields, "arc__gone", json_real(info->gone ? 1 : 0));
}

static void put_stats(json_fields_t *fields, const debug_graph_t *graph,
                      const debug_vertex_info_t *info) {
  char age[DEBUG_DURATION_BYTES];
  if (info->group != NULL) {
    asyncscope__debug_duration(info->group->oldest_us, age);
    asyncscope__json_put_unsigned(fields, "mainStat", info->group->count);
    asyncscope__json_put_text(fields, "secondaryStat", age);
  } else if (!info->gone) {
    asyncscope__debug_duration(
        asyncscope__debug_age_us(&graph->capture, &info->resource), age);
    asyncscope__json_put_text(fields, "mainStat", age);
    asyncscope__json_put_text(
        fields, "secondaryStat",
        asyncscope__debug_state_name(info->resource.state));
    asyncscope__json_put_name(fields, "detail__name", info->name);
    asyncscope__json_put_request(fields, "detail__request",
                                 info->resource.info.request);
  }
}

static json_t *node(const debug_graph_t *graph, size_t vertex) {
  debug_vertex_info_t info;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_vertex_read(graph, vertex, &info);
  asyncscope__json_put_text(&fields, "id", info.id);
  asyncscope__json_put_text(&fields, "title",
                            info.type == NULL ? info.id : info.type);
  put_site(&fields, "subTitle", info.site);
  put_stats(&fields, graph, &info);
  put_arcs(&fields, &info);
  return asyncscope__json_end(&fields);
}

static int write_node(void *state, json_writer_t *writer) {
  graph_nodes_t *nodes = state;
  if (nodes->vertex == nodes->graph.shown)
    return 0;
  int error =
      asyncscope__json_write(writer, NULL, node(&nodes->graph, nodes->vertex));
  nodes->vertex += error == 0;
  return error == 0 ? 1 : error;
}

static int begin_edges(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_open_array(writer, "edges") : error;
}

static json_t *edge_of(const debug_graph_t *graph, size_t number) {
  const debug_graph_edge_t *edge = &graph->edges.items[number];
  bool trigger = edge->kind == DEBUG_EDGE_TRIGGER;
  char from[32];
  char to[32];
  char id[32];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_vertex_id(graph, edge->from, from);
  asyncscope__debug_vertex_id(graph, edge->to, to);
  snprintf(id, sizeof(id), "e%zu", number);
  asyncscope__json_put_text(&fields, "id", id);
  asyncscope__json_put_text(&fields, "source", from);
  asyncscope__json_put_text(&fields, "target", to);
  asyncscope__json_put_text(&fields, "mainStat",
                            trigger ? "trigger" : "execution");
  asyncscope__json_put_unsigned(&fields, "secondaryStat", edge->count);
  return asyncscope__json_end(&fields);
}

static int write_edge(void *state, json_writer_t *writer) {
  graph_nodes_t *nodes = state;
  const debug_edges_t *edges = &nodes->graph.edges;
  while (nodes->edge < edges->count &&
         !asyncscope__debug_edge_is_shown(&nodes->graph,
                                          &edges->items[nodes->edge]))
    nodes->edge++;
  if (nodes->edge == edges->count)
    return 0;
  int error =
      asyncscope__json_write(writer, NULL, edge_of(&nodes->graph, nodes->edge));
  nodes->edge += error == 0;
  return error == 0 ? 1 : error;
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,     asyncscope__debug_write_head,
                                      begin_nodes, write_node,
                                      begin_edges, write_edge,
                                      end,         NULL};

static int nodes_open(debug_call_t *call, void **ret_state) {
  graph_nodes_t *nodes = async_calloc(1, sizeof(*nodes));
  int error = nodes == NULL ? UV_ENOMEM
                            : asyncscope__debug_graph_init(&nodes->graph, call);
  if (error != 0) {
    async_free(nodes);
    return error;
  }
  nodes->document = asyncscope__debug_document(
      parts, "nodegraph", &nodes->graph.capture, call->query);
  *ret_state = nodes;
  return 0;
}

static void nodes_close(void *state) {
  graph_nodes_t *nodes = state;
  asyncscope__debug_graph_finish(&nodes->graph);
  async_free(nodes);
}

const debug_format_t asyncscope__debug_graph_nodes = {
    "nodegraph", DEBUG_JSON_TYPE,
    nodes_open,  asyncscope__debug_document_step,
    nodes_close, NULL};
