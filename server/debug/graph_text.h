/* A graph as text for a program that draws: vertices by request, then edges. */
#ifndef ASYNCSCOPE_DEBUG_GRAPH_TEXT_H
#define ASYNCSCOPE_DEBUG_GRAPH_TEXT_H

#include "graph.h"

/* How a language writes it. Each appends one piece. Errors: UV_ENOBUFS. */
typedef struct debug_graph_writer_s {
  /* What its programs take; 0: any. */
  size_t vertices_max, edges_max, bytes_max;
  int (*begin)(debug_buffer_t *buffer, const debug_graph_t *graph);
  int (*begin_request)(debug_buffer_t *buffer, uint64_t request);
  int (*end_request)(debug_buffer_t *buffer);
  int (*vertex)(debug_buffer_t *buffer, const debug_graph_t *graph,
                const debug_vertex_info_t *info);
  int (*edge)(debug_buffer_t *buffer, const char *from, const char *to,
              const debug_graph_edge_t *edge);
  int (*end)(debug_buffer_t *buffer, bool cut);
} debug_graph_writer_t;

/* A format's open, step and close: its step comes with a state of this. */
int asyncscope__debug_graph_text_open(debug_call_t *call,
                                      const debug_graph_writer_t *writer,
                                      void **ret_state);
int asyncscope__debug_graph_text_step(void *state, debug_buffer_t *buffer);
void asyncscope__debug_graph_text_close(void *state);

/* The lines of a vertex's label: what it is; its name or how many it stands
 * for; its state and age, or where it was made. "" where there is nothing to
 * say; as asyncscope__debug_printable() has it. */
#define DEBUG_LABEL_LINES 3
#define DEBUG_LABEL_BYTES 1024
void asyncscope__debug_vertex_label(
    const debug_graph_t *graph, const debug_vertex_info_t *info,
    char ret_lines[DEBUG_LABEL_LINES][DEBUG_LABEL_BYTES]);

/* "n4_813" for "4:813", "ng12" for "g12": a word in any language. */
void asyncscope__debug_vertex_word(const char *id, char ret_word[40]);

#endif
