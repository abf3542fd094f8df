/* A graph as JSON: its vertices, then its edges, in the words of a format. */
#ifndef ASYNCSCOPE_DEBUG_GRAPH_DOCUMENT_H
#define ASYNCSCOPE_DEBUG_GRAPH_DOCUMENT_H

#include "graph.h"

#include <jansson.h>

typedef struct debug_graph_words_s {
  const char *kind;  /* which answer this is; static */
  const char *edges; /* what the array behind "nodes" is called */
  size_t nodes_max;  /* SIZE_MAX: the query alone bounds them */
  /* The members before the nodes; NULL: none. */
  json_t *(*frame)(const debug_graph_t *graph);
  json_t *(*node)(const debug_graph_t *graph, size_t vertex);
  json_t *(*edge)(const debug_graph_t *graph, size_t edge);
} debug_graph_words_t;

/* For a format's open and close; its step is asyncscope__debug_document_step().
 * Errors: UV_ENOMEM, or of asyncscope__debug_refuse(). */
int asyncscope__debug_graph_document_open(const debug_graph_words_t *words,
                                          debug_call_t *call, void **ret_state);
void asyncscope__debug_graph_document_close(void *state);

#endif
