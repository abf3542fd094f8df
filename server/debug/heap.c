#include "heap.h"

int asyncscope__debug_compare_picks(const debug_pick_t *a,
                                    const debug_pick_t *b) {
  if (a->value != b->value)
    return a->value < b->value ? -1 : 1;
  if (a->thread != b->thread)
    return a->thread < b->thread ? -1 : 1;
  return (a->async_id > b->async_id) - (a->async_id < b->async_id);
}

void asyncscope__debug_heap_add(debug_pick_t *heap, size_t count,
                                const debug_pick_t *pick) {
  size_t at = count;
  while (at > 0 &&
         asyncscope__debug_compare_picks(&heap[(at - 1) / 2], pick) < 0) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = *pick;
}

void asyncscope__debug_heap_replace(debug_pick_t *heap, size_t count,
                                    const debug_pick_t *pick) {
  debug_pick_t moved = *pick;
  size_t at = 0;
  while (2 * at + 1 < count) {
    size_t child = 2 * at + 1;
    if (child + 1 < count &&
        asyncscope__debug_compare_picks(&heap[child], &heap[child + 1]) < 0)
      child++;
    if (asyncscope__debug_compare_picks(&moved, &heap[child]) >= 0)
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

void asyncscope__debug_heap_sort(debug_pick_t *heap, size_t count) {
  for (; count > 1; count--) {
    debug_pick_t last = heap[0];
    debug_pick_t moved = heap[count - 1];
    asyncscope__debug_heap_replace(heap, count - 1, &moved);
    heap[count - 1] = last;
  }
}
