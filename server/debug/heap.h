/* A heap of picks: the one that stands last is on top. */
#ifndef ASYNCSCOPE_DEBUG_HEAP_H
#define ASYNCSCOPE_DEBUG_HEAP_H

#include "selection.h"

/* Below zero where `a` stands before `b`. */
int asyncscope__debug_compare_picks(const debug_pick_t *a,
                                    const debug_pick_t *b);

/* There is room for one more behind `count`. */
void asyncscope__debug_heap_add(debug_pick_t *heap, size_t count,
                                const debug_pick_t *pick);

/* In place of the top. */
void asyncscope__debug_heap_replace(debug_pick_t *heap, size_t count,
                                    const debug_pick_t *pick);

/* Makes a sorted array of a heap. */
void asyncscope__debug_heap_sort(debug_pick_t *heap, size_t count);

#endif
