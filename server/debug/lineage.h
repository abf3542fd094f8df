/* Who caused whom, among what lives and what is remembered. A node is
 *
 *   0 .. live    an entry of the index
 *     .. + gone  an ancestor that has ended
 */
#ifndef ASYNCSCOPE_DEBUG_LINEAGE_H
#define ASYNCSCOPE_DEBUG_LINEAGE_H

#include "index.h"
#include "query.h"
#include "remembered.h"

typedef struct debug_lineage_s {
  debug_index_t index;
  debug_remembered_t remembered;
  uint32_t *marks; /* of the index's entries */
  bool built;
  async_ref_t found; /* by asyncscope__debug_cause_find(), last */
  uint32_t found_node;
} debug_lineage_t;

void asyncscope__debug_lineage_begin(debug_lineage_t *lineage,
                                     const debug_capture_t *capture);

/* As asyncscope__debug_index_build(); nothing once it is built. */
int asyncscope__debug_lineage_build(debug_lineage_t *lineage);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_lineage_finish(debug_lineage_t *lineage);

/* How many nodes there are. */
uint32_t asyncscope__debug_lineage_count(const debug_lineage_t *lineage);

/* The node of `ref`, DEBUG_NODE_NONE where it is forgotten, a root or none. */
uint32_t asyncscope__debug_node_find(const debug_lineage_t *lineage,
                                     async_ref_t ref);

/* The same; one that is asked for again at once is not looked for again: most
 * resources have their cause in common with their neighbours. */
uint32_t asyncscope__debug_cause_find(debug_lineage_t *lineage,
                                      async_ref_t ref);

async_ref_t asyncscope__debug_node_ref(const debug_lineage_t *lineage,
                                       uint32_t node);

/* NULL for a live one. */
debug_gone_t *asyncscope__debug_node_gone(const debug_lineage_t *lineage,
                                          uint32_t node);

/* What caused the node, by `edge`. Of one that has ended since the index was
 * built nothing is known: the answer names nothing. */
async_ref_t asyncscope__debug_node_cause(const debug_lineage_t *lineage,
                                         uint32_t node, debug_edge_t edge);

/* The node's mark, to read and to set; 0 at first. Where none is set they take
 * no memory. */
uint32_t *asyncscope__debug_node_mark(debug_lineage_t *lineage, uint32_t node);

/* There are none any more, until the next function. */
void asyncscope__debug_lineage_drop_marks(debug_lineage_t *lineage);

/* All marks are 0 again, and take no memory. Errors: UV_ENOMEM; then there are
 * none, and all there is to do is to finish. */
int asyncscope__debug_lineage_unmark(debug_lineage_t *lineage);

#endif
