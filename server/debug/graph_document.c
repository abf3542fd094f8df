#include "graph_document.h"

#include "document.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct graph_document_s {
  debug_document_t document;
  debug_graph_t graph;
  const debug_graph_words_t *words;
  size_t vertex, edge;
} graph_document_t;

static int prepare(void *state, json_writer_t *writer) {
  graph_document_t *document = state;
  (void)writer;
  int error = asyncscope__debug_graph_build(&document->graph);
  if (error == 0 && document->graph.shown > document->words->nodes_max)
    document->graph.shown = document->words->nodes_max;
  return error;
}

static int begin_nodes(void *state, json_writer_t *writer) {
  const graph_document_t *document = state;
  int error = 0;
  if (document->words->frame != NULL)
    error = asyncscope__json_write_members(
        writer, document->words->frame(&document->graph));
  return error == 0 ? asyncscope__json_open_array(writer, "nodes") : error;
}

static int write_node(void *state, json_writer_t *writer) {
  graph_document_t *document = state;
  if (document->vertex == document->graph.shown)
    return 0;
  int error = asyncscope__json_write(
      writer, NULL, document->words->node(&document->graph, document->vertex));
  document->vertex += error == 0;
  return error == 0 ? 1 : error;
}

static int begin_edges(void *state, json_writer_t *writer) {
  const graph_document_t *document = state;
  int error = asyncscope__json_close(writer);
  return error == 0
             ? asyncscope__json_open_array(writer, document->words->edges)
             : error;
}

static int write_edge(void *state, json_writer_t *writer) {
  graph_document_t *document = state;
  const debug_edges_t *edges = &document->graph.edges;
  while (document->edge < edges->count &&
         !asyncscope__debug_edge_is_shown(&document->graph,
                                          &edges->items[document->edge]))
    document->edge++;
  if (document->edge == edges->count)
    return 0;
  int error = asyncscope__json_write(
      writer, NULL, document->words->edge(&document->graph, document->edge));
  document->edge += error == 0;
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

static int begin(void *state, debug_call_t *call) {
  graph_document_t *document = state;
  return asyncscope__debug_graph_init(&document->graph, call);
}

void asyncscope__debug_graph_document_close(void *state) {
  graph_document_t *document = state;
  asyncscope__debug_graph_finish(&document->graph);
  async_free(document);
}

int asyncscope__debug_graph_document_open(const debug_graph_words_t *words,
                                          debug_call_t *call,
                                          void **ret_state) {
  int error = asyncscope__debug_open_state(
      call, sizeof(graph_document_t), begin,
      asyncscope__debug_graph_document_close, ret_state);
  if (error != 0)
    return error;
  graph_document_t *document = *ret_state;
  document->words = words;
  document->document = asyncscope__debug_document(
      parts, words->kind, &document->graph.capture, call->query);
  return 0;
}
