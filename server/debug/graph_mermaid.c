/* /debug/graph as a Mermaid flowchart. Its labels know entities (#quot; and
 * #35;) and markup: all ASCII that is no letter, digit or harmless sign is an
 * entity. Mermaid refuses more than 500 edges and 50,000 characters. */
#include "formats.h"
#include "graph_text.h"
#include "recorded.h"

#include <inttypes.h>
#include <string.h>

#define LINE_BYTES 48 /* of a label's line: longer ones are cut */

static bool is_harmless(unsigned char byte) {
  return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
         (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte != '\0' && strchr(" ._:/-+?", byte) != NULL);
}

/* The end does not split a character. */
static size_t cut_bytes(const char *text) {
  size_t length = strnlen(text, LINE_BYTES + 1);
  if (length <= LINE_BYTES)
    return length;
  for (length = LINE_BYTES;
       length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80; length--) {
  }
  return length;
}

static int append_escaped(debug_buffer_t *buffer, const char *text) {
  size_t length = cut_bytes(text);
  int error = 0;
  for (size_t i = 0; i < length && error == 0; i++) {
    unsigned char byte = (unsigned char)text[i];
    error = is_harmless(byte) ? asyncscope__debug_append(buffer, text + i, 1)
                              : asyncscope__debug_appendf(buffer, "#%u;", byte);
  }
  return error;
}

static int begin(debug_buffer_t *buffer, const debug_graph_t *graph) {
  int error = asyncscope__debug_append_text(buffer, "flowchart LR\n");
  return error == 0 ? asyncscope__debug_append_recorded(&graph->capture,
                                                        "  %% ", buffer)
                    : error;
}

static int begin_request(debug_buffer_t *buffer, uint64_t request) {
  return asyncscope__debug_appendf(
      buffer, "  subgraph r%" PRIu64 "[\"r%" PRIu64 "\"]\n", request, request);
}

static int end_request(debug_buffer_t *buffer) {
  return asyncscope__debug_append_text(buffer, "  end\n");
}

static int vertex(debug_buffer_t *buffer, const debug_graph_t *graph,
                  const debug_vertex_info_t *info) {
  char lines[DEBUG_LABEL_LINES][DEBUG_LABEL_BYTES];
  char word[40];
  asyncscope__debug_vertex_word(info->id, word);
  asyncscope__debug_vertex_label(graph, info, lines);
  int error = asyncscope__debug_appendf(buffer, "    %s[\"", word);
  for (size_t i = 0; i < DEBUG_LABEL_LINES && error == 0; i++) {
    if (i > 0 && lines[i][0] != '\0')
      error = asyncscope__debug_append_text(buffer, "<br/>");
    if (error == 0)
      error = append_escaped(buffer, lines[i]);
  }
  return error == 0 ? asyncscope__debug_append_text(buffer, "\"]\n") : error;
}

static int edge(debug_buffer_t *buffer, const char *from, const char *to,
                const debug_graph_edge_t *edge_of) {
  bool trigger = edge_of->kind == DEBUG_EDGE_TRIGGER;
  char words[2][40];
  asyncscope__debug_vertex_word(from, words[0]);
  asyncscope__debug_vertex_word(to, words[1]);
  int error = asyncscope__debug_appendf(buffer, "  %s %s|%s", words[0],
                                        trigger ? "-->" : "-.->",
                                        trigger ? "trigger" : "execution");
  if (error == 0 && edge_of->count > 1)
    error = asyncscope__debug_appendf(buffer, " %" PRIu64, edge_of->count);
  return error == 0 ? asyncscope__debug_appendf(buffer, "| %s\n", words[1])
                    : error;
}

static int end(debug_buffer_t *buffer, bool cut) {
  return cut ? asyncscope__debug_append_text(
                   buffer, "%% cut: there is more than Mermaid draws\n")
             : 0;
}

static const debug_graph_writer_t writer = {
    200, 480, 48000, begin, begin_request, end_request, vertex, edge, end};

static int mermaid_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_graph_text_open(call, &writer, ret_state);
}

const debug_format_t asyncscope__debug_graph_mermaid = {
    "mermaid",
    "text/vnd.mermaid; charset=utf-8",
    mermaid_open,
    asyncscope__debug_graph_text_step,
    asyncscope__debug_graph_text_close,
    NULL};
