/* One line of the text tree. */
#ifndef ASYNCSCOPE_DEBUG_TREE_LINE_H
#define ASYNCSCOPE_DEBUG_TREE_LINE_H

#include "buffer.h"
#include "tree.h"

/* The columns that the branches, type, key and name of the place take. */
size_t asyncscope__debug_line_columns(const debug_tree_t *tree,
                                      const debug_tree_place_t *place);

/* The line of a node that is no root; what stands behind the name begins at
 * column `columns` where the name leaves it free. Errors: UV_ENOBUFS. */
int asyncscope__debug_line(const debug_tree_t *tree,
                           const debug_tree_place_t *place, size_t columns,
                           debug_buffer_t *buffer);

/* The line of a thread; for the last root that of what has ended, where there
 * is any. Errors: UV_ENOBUFS. */
int asyncscope__debug_root_line(const debug_tree_t *tree, uint32_t node,
                                debug_buffer_t *buffer);

/* What stands behind the name of a resource: state, age, request and site.
 * Errors: UV_ENOBUFS. */
int asyncscope__debug_append_facts(debug_buffer_t *buffer, const char *state,
                                   const uint64_t *age_us, uint64_t request,
                                   const async_site_t *site);

#endif
