/* The words of point n are written before `count` becomes n + 1, and behind it
 * having become n. Words are stored release and loaded acquire: whoever saw one
 * of point n also sees that count, and knows by it that point n - SLOTS is no
 * more. */
#include "history_ring.h"

#include <string.h>

static uint64_t count_of(const debug_history_ring_t *ring) {
  return atomic_load_explicit(&ring->count, memory_order_acquire);
}

void asyncscope__debug_history_add(debug_history_ring_t *ring,
                                   debug_point_t *point) {
  uint64_t words[DEBUG_POINT_WORDS];
  point->number = count_of(ring);
  memcpy(words, point, sizeof(words));
  for (size_t i = 0; i < DEBUG_POINT_WORDS; i++)
    atomic_store_explicit(&ring->words[point->number % DEBUG_HISTORY_SLOTS][i],
                          words[i], memory_order_release);
  atomic_store_explicit(&ring->count, point->number + 1, memory_order_release);
}

uint64_t asyncscope__debug_history_from(const debug_history_ring_t *ring,
                                        uint64_t number, uint64_t *ret_end) {
  uint64_t end = count_of(ring);
  uint64_t first = end > DEBUG_HISTORY_POINTS ? end - DEBUG_HISTORY_POINTS : 0;
  *ret_end = end;
  return number > first ? number : first;
}

bool asyncscope__debug_history_read(const debug_history_ring_t *ring,
                                    uint64_t number, debug_point_t *ret_point) {
  uint64_t words[DEBUG_POINT_WORDS];
  if (number >= count_of(ring))
    return false;
  for (size_t i = 0; i < DEBUG_POINT_WORDS; i++)
    words[i] = atomic_load_explicit(
        &ring->words[number % DEBUG_HISTORY_SLOTS][i], memory_order_acquire);
  memcpy(ret_point, words, sizeof(words));
  return count_of(ring) < number + DEBUG_HISTORY_SLOTS;
}
