/* /debug/graph in the language of Graphviz. In its strings a quote and a
 * backslash are escaped, and an ampersand begins a reference; what is written
 * stands in strings throughout. */
#include "formats.h"
#include "graph_text.h"
#include "recorded.h"

#include <inttypes.h>
#include <string.h>

static int append_escaped(debug_buffer_t *buffer, const char *text) {
  int error = 0;
  for (const char *at = text; *at != '\0' && error == 0; at++) {
    if (*at == '&')
      error = asyncscope__debug_append_text(buffer, "&amp;");
    else if (*at == '"' || *at == '\\')
      error = asyncscope__debug_appendf(buffer, "\\%c", *at);
    else
      error = asyncscope__debug_append(buffer, at, 1);
  }
  return error;
}

static int begin(debug_buffer_t *buffer, const debug_graph_t *graph) {
  int error = asyncscope__debug_append_text(
      buffer, "digraph asyncscope {\n  rankdir=LR;\n"
              "  node [shape=box, fontname=\"sans-serif\"];\n"
              "  edge [fontname=\"sans-serif\"];\n");
  return error == 0 ? asyncscope__debug_append_recorded(&graph->capture,
                                                        "  // ", buffer)
                    : error;
}

static int begin_request(debug_buffer_t *buffer, uint64_t request) {
  return asyncscope__debug_appendf(buffer,
                                   "  subgraph \"cluster_r%" PRIu64 "\" {\n"
                                   "    label=\"r%" PRIu64 "\";\n",
                                   request, request);
}

static int end_request(debug_buffer_t *buffer) {
  return asyncscope__debug_append_text(buffer, "  }\n");
}

static const char *style_of(const debug_vertex_info_t *info) {
  if (info->gone)
    return ", style=dotted, class=\"gone\"";
  if (info->group != NULL)
    return ", class=\"group\"";
  switch (info->resource.state) {
  case DEBUG_RUNNING:
    return ", style=bold, class=\"running\"";
  case DEBUG_QUEUED:
    return ", color=red, class=\"queued\"";
  default:
    return "";
  }
}

static int vertex(debug_buffer_t *buffer, const debug_graph_t *graph,
                  const debug_vertex_info_t *info) {
  char lines[DEBUG_LABEL_LINES][DEBUG_LABEL_BYTES];
  int error =
      asyncscope__debug_appendf(buffer, "    \"%s\" [label=\"", info->id);
  asyncscope__debug_vertex_label(graph, info, lines);
  for (size_t i = 0; i < DEBUG_LABEL_LINES && error == 0; i++) {
    if (i > 0 && lines[i][0] != '\0')
      error = asyncscope__debug_append_text(buffer, "\\n");
    if (error == 0)
      error = append_escaped(buffer, lines[i]);
  }
  return error == 0
             ? asyncscope__debug_appendf(buffer, "\"%s];\n", style_of(info))
             : error;
}

static int edge(debug_buffer_t *buffer, const char *from, const char *to,
                const debug_graph_edge_t *edge_of) {
  bool trigger = edge_of->kind == DEBUG_EDGE_TRIGGER;
  int error =
      asyncscope__debug_appendf(buffer, "  \"%s\" -> \"%s\" [%s", from, to,
                                trigger ? ""
                                        : "style=dashed, "
                                          "constraint=false, ");
  if (error == 0 && edge_of->count > 1)
    error = asyncscope__debug_appendf(buffer, "label=\"%" PRIu64 "\", ",
                                      edge_of->count);
  return error == 0
             ? asyncscope__debug_appendf(buffer, "class=\"%s\"];\n",
                                         trigger ? "trigger" : "execution")
             : error;
}

static int end(debug_buffer_t *buffer, bool cut) {
  return asyncscope__debug_append_text(
      buffer, cut ? "  label=\"cut: there is more\";\n}\n" : "}\n");
}

static const debug_graph_writer_t writer = {
    2000, 10000, 0, begin, begin_request, end_request, vertex, edge, end};

static int dot_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_graph_text_open(call, &writer, ret_state);
}

const debug_format_t asyncscope__debug_graph_dot = {
    "dot",
    "text/vnd.graphviz; charset=utf-8",
    dot_open,
    asyncscope__debug_graph_text_step,
    asyncscope__debug_graph_text_close,
    NULL};
