/* The edges of a graph, each counted once for every resource that makes it. */
#ifndef ASYNCSCOPE_DEBUG_EDGES_H
#define ASYNCSCOPE_DEBUG_EDGES_H

#include <stddef.h>
#include <stdint.h>

#define DEBUG_EDGES_MAX 16384 /* what is beyond is counted as others */

typedef struct debug_graph_edge_s {
  uint32_t from, to; /* vertices */
  uint32_t kind;     /* debug_edge_t */
  uint64_t count;
} debug_graph_edge_t;

typedef struct debug_edges_s {
  debug_graph_edge_t *items;
  size_t count, capacity;
  uint32_t *slots; /* a hash table of numbers, + 1 */
  uint64_t others;
} debug_edges_t;

/* Errors: UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_edges_init(debug_edges_t *edges);

/* Errors: UV_ENOMEM. */
int asyncscope__debug_edges_add(debug_edges_t *edges, uint32_t from,
                                uint32_t to, uint32_t kind);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_edges_finish(debug_edges_t *edges);

#endif
