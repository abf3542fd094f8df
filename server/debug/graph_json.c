/* /debug/graph as node-link JSON, which d3-force and networkx load as it is. */
#include "document.h"
#include "formats.h"
#include "graph_document.h"
#include "json_fields.h"
#include "json_resource.h"

#include <stdint.h>

static json_t *attributes(const debug_graph_t *graph) {
  static const char *const names[] = {"type",    "site",   "path",
                                      "request", "thread", "none"};
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(
      &fields, "groupBy",
      names[graph->grouped ? graph->groups.by : DEBUG_GROUP_NONE]);
  asyncscope__json_put_unsigned(&fields, "matched", graph->matched);
  asyncscope__json_put_bool(&fields, "truncated", graph->cut);
  return asyncscope__json_end(&fields);
}

static json_t *frame(const debug_graph_t *graph) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_bool(&fields, "directed", true);
  asyncscope__json_put_bool(&fields, "multigraph", true);
  asyncscope__json_put(&fields, "graph", attributes(graph));
  return asyncscope__json_end(&fields);
}

static void put_resource(json_fields_t *fields, const debug_graph_t *graph,
                         const debug_resource_t *resource) {
  asyncscope__json_put_name(fields, "name", resource->info.name);
  asyncscope__json_put_text(fields, "state",
                            asyncscope__debug_state_name(resource->state));
  asyncscope__json_put_request(fields, "requestId", resource->info.request);
  asyncscope__json_put_unsigned(fields, "thread", resource->info.thread);
  asyncscope__json_put_unsigned(
      fields, "ageUs", asyncscope__debug_age_us(&graph->capture, resource));
  asyncscope__json_put_unsigned(
      fields, "runUs", asyncscope__debug_run_us(&graph->capture, resource));
}

static void put_group(json_fields_t *fields, const debug_group_t *group) {
  asyncscope__json_put_unsigned(fields, "count", group->count);
  asyncscope__json_put(fields, "states",
                       asyncscope__json_states(group->states));
  asyncscope__json_put_request(fields, "requestId", group->key.request);
  if (group->key.thread != ASYNC_THREAD_NONE)
    asyncscope__json_put_unsigned(fields, "thread", group->key.thread);
  asyncscope__json_put_unsigned(fields, "oldestAgeUs", group->oldest_us);
  asyncscope__json_put_unsigned(fields, "runUs", group->run_us);
}

static json_t *node(const debug_graph_t *graph, size_t vertex) {
  debug_vertex_info_t info;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_vertex_read(graph, vertex, &info);
  asyncscope__json_put_text(&fields, "id", info.id);
  asyncscope__json_put_name(&fields, "type", info.type);
  asyncscope__json_put_site(&fields, "site", info.site);
  if (info.gone)
    asyncscope__json_put_bool(&fields, "gone", true);
  if (info.group != NULL)
    put_group(&fields, info.group);
  else if (!info.gone)
    put_resource(&fields, graph, &info.resource);
  return asyncscope__json_end(&fields);
}

static json_t *link_of(const debug_graph_t *graph, size_t number) {
  const debug_graph_edge_t *edge = &graph->edges.items[number];
  char from[32];
  char to[32];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_vertex_id(graph, edge->from, from);
  asyncscope__debug_vertex_id(graph, edge->to, to);
  asyncscope__json_put_text(&fields, "source", from);
  asyncscope__json_put_text(&fields, "target", to);
  asyncscope__json_put_text(&fields, "key",
                            edge->kind == DEBUG_EDGE_TRIGGER ? "trigger"
                                                             : "execution");
  asyncscope__json_put_unsigned(&fields, "count", edge->count);
  return asyncscope__json_end(&fields);
}

static const debug_graph_words_t words = {.kind = "graph",
                                          .edges = "links",
                                          .nodes_max = SIZE_MAX,
                                          .frame = frame,
                                          .node = node,
                                          .edge = link_of};

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_graph_document_open(&words, call, ret_state);
}

const debug_format_t asyncscope__debug_graph_json = {
    "json",
    DEBUG_JSON_TYPE,
    json_open,
    asyncscope__debug_document_step,
    asyncscope__debug_graph_document_close,
    NULL};
