#include "nodes.h"

#include "asyncscope/async_allocator.h"

int asyncscope__debug_nodes_init(debug_nodes_t *nodes, size_t count) {
  nodes->width = count < UINT32_C(1) << 24 ? 3 : 4;
  nodes->bytes = async_calloc(count, nodes->width);
  return nodes->bytes == NULL ? UV_ENOMEM : 0;
}

void asyncscope__debug_nodes_finish(debug_nodes_t *nodes) {
  async_free(nodes->bytes);
  nodes->bytes = NULL;
}
