/* /debug/graph as the frames of Grafana's node graph panel, which draws up to
 * 1,500 nodes. */
#include "document.h"
#include "formats.h"
#include "graph_document.h"
#include "json_fields.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NODES_MAX 1500

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

static const debug_graph_words_t words = {.kind = "nodegraph",
                                          .edges = "edges",
                                          .nodes_max = NODES_MAX,
                                          .node = node,
                                          .edge = edge_of};

static int nodes_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_graph_document_open(&words, call, ret_state);
}

const debug_format_t asyncscope__debug_graph_nodes = {
    "nodegraph",
    DEBUG_JSON_TYPE,
    nodes_open,
    asyncscope__debug_document_step,
    asyncscope__debug_graph_document_close,
    NULL};
