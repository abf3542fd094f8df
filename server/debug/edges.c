#include "edges.h"

#include "asyncscope/async_allocator.h"
#include "capture.h"

#define SLOTS (4 * DEBUG_EDGES_MAX) /* a power of two */

int asyncscope__debug_edges_init(debug_edges_t *edges) {
  *edges = (debug_edges_t){.items = NULL};
  edges->slots = async_calloc(SLOTS, sizeof(*edges->slots));
  return edges->slots == NULL ? UV_ENOMEM : 0;
}

static size_t hash_of(uint32_t from, uint32_t to, uint32_t kind) {
  uint64_t hash = ((uint64_t)from << 32 | to) ^ (uint64_t)kind << 31;
  hash *= UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(hash >> 32) % SLOTS;
}

static int append(debug_edges_t *edges, const debug_graph_edge_t *edge,
                  uint32_t *slot) {
  debug_graph_edge_t *items = asyncscope__debug_grow(
      edges->items, edges->count, &edges->capacity, sizeof(*items));
  if (items == NULL)
    return UV_ENOMEM;
  edges->items = items;
  items[edges->count++] = *edge;
  *slot = (uint32_t)edges->count;
  return 0;
}

int asyncscope__debug_edges_add(debug_edges_t *edges, uint32_t from,
                                uint32_t to, uint32_t kind) {
  const debug_graph_edge_t edge = {from, to, kind, 1};
  size_t at = hash_of(from, to, kind);
  for (; edges->slots[at] != 0; at = (at + 1) % SLOTS) {
    debug_graph_edge_t *item = &edges->items[edges->slots[at] - 1];
    if (item->from == from && item->to == to && item->kind == kind) {
      item->count++;
      return 0;
    }
  }
  if (edges->count == DEBUG_EDGES_MAX) {
    edges->others++;
    return 0;
  }
  return append(edges, &edge, &edges->slots[at]);
}

void asyncscope__debug_edges_finish(debug_edges_t *edges) {
  async_free(edges->items);
  async_free(edges->slots);
  *edges = (debug_edges_t){.items = NULL};
}
