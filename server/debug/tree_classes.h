/* Siblings by type and site. */
#ifndef ASYNCSCOPE_DEBUG_TREE_CLASSES_H
#define ASYNCSCOPE_DEBUG_TREE_CLASSES_H

#include "tree.h"

#define DEBUG_CLASSES_MAX 1024 /* of one family; more are not told apart */

typedef struct debug_classes_s debug_classes_t;

/* NULL for want of memory. */
debug_classes_t *asyncscope__debug_classes_create(void);
/* NULL is left alone. */
void asyncscope__debug_classes_destroy(debug_classes_t *classes);

/* The mark of a node that is no root: which of `alike` it stands for. */
uint32_t *asyncscope__debug_tree_mark(const debug_tree_t *tree, uint32_t node);

#endif
