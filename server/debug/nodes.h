/* A node for each node, in three bytes where there are few enough to be told
 * apart by them: with a million of them, two such lists are what /debug/tree
 * takes beside the index. */
#ifndef ASYNCSCOPE_DEBUG_NODES_H
#define ASYNCSCOPE_DEBUG_NODES_H

#include "index.h"

typedef struct debug_nodes_s {
  unsigned char *bytes; /* each the number + 1, the low byte first */
  uint32_t width;       /* 3 or 4 */
} debug_nodes_t;

/* `count` times none; memory that is never set is never touched. Errors:
 * UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_nodes_init(debug_nodes_t *nodes, size_t count);

/* DEBUG_NODE_NONE where none was set. */
static inline uint32_t asyncscope__debug_nodes_get(const debug_nodes_t *nodes,
                                                   uint32_t at) {
  const unsigned char *byte = nodes->bytes + (size_t)at * nodes->width;
  uint32_t high = nodes->width == 4 ? (uint32_t)byte[3] << 24 : 0;
  return (high | (uint32_t)byte[2] << 16 | (uint32_t)byte[1] << 8 | byte[0]) -
         1;
}

static inline void asyncscope__debug_nodes_set(debug_nodes_t *nodes,
                                               uint32_t at, uint32_t node) {
  unsigned char *byte = nodes->bytes + (size_t)at * nodes->width;
  for (uint32_t i = 0; i < nodes->width; i++)
    byte[i] = (unsigned char)((node + 1) >> 8 * i);
}

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_nodes_finish(debug_nodes_t *nodes);

#endif
