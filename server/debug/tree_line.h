/* One line of the text tree. */
#ifndef ASYNCSCOPE_DEBUG_TREE_LINE_H
#define ASYNCSCOPE_DEBUG_TREE_LINE_H

#include "buffer.h"
#include "tree.h"

/* The columns that the branches, type, key and name of the place take. */
size_t asyncscope__debug_line_columns(const debug_tree_t *tree,
                                      const debug_tree_place_t *place);

/* The line of a resource or a gone ancestor; what stands behind the name
 * begins at column `columns` where the name leaves it free.
 * Errors: UV_ENOBUFS. */
int asyncscope__debug_line(const debug_tree_t *tree,
                           const debug_tree_place_t *place, size_t columns,
                           debug_buffer_t *buffer);

/* The line of a thread, and for the last root of what has ended.
 * Errors: UV_ENOBUFS. */
int asyncscope__debug_root_line(const debug_tree_t *tree, uint32_t node,
                                debug_buffer_t *buffer);

#endif
