/* Started timeouts as Node keeps them: a list for each duration, in the order
 * in which its timeouts were started, and a heap of the lists by what is due
 * first.
 *
 *   heap    [ 20 ms, due at 113 ]  [ 8 ms, due at 120 ]  ...
 *               |                       |
 *           timeout, timeout        timeout
 *
 * A list is there as long as it is held or queued, and only once for its
 * duration; so what holds it may be put into it, and it into the heap, without
 * memory. */
#ifndef ASYNCSCOPE_HOOKS_TIMER_LISTS_H
#define ASYNCSCOPE_HOOKS_TIMER_LISTS_H

#include "asyncscope/async_timeout.h"

typedef struct asyncscope__timer_list_s {
  async_timeout_t timeouts; /* head of a ring */
  uint64_t due_ms;          /* on the loop's clock; while queued */
  uint64_t number; /* of two that are due together the lower is first */
  uint32_t duration_ms;
  uint32_t holders;
  uint32_t place; /* in the heap, from 1; 0: not queued */
  struct asyncscope__timer_list_s *next; /* in its bucket */
} asyncscope__timer_list_t;

typedef struct asyncscope__timer_lists_s {
  asyncscope__timer_list_t **buckets, **heap; /* one block of memory */
  uint32_t capacity;                          /* of each; a power of two */
  uint32_t count, queued;
  uint64_t next_number;
} asyncscope__timer_lists_t;

/* The list of a duration, held once more. NULL: no memory. */
asyncscope__timer_list_t *asyncscope__timer_list_hold(
    asyncscope__timer_lists_t *lists, uint32_t duration_ms);
void asyncscope__timer_list_drop(asyncscope__timer_lists_t *lists,
                                 asyncscope__timer_list_t *list);

/* Into the heap, behind those that are due at the same time. */
void asyncscope__timer_list_queue(asyncscope__timer_lists_t *lists,
                                  asyncscope__timer_list_t *list,
                                  uint64_t due_ms);
/* The same of one that is queued and was due before. */
void asyncscope__timer_list_postpone(asyncscope__timer_lists_t *lists,
                                     asyncscope__timer_list_t *list,
                                     uint64_t due_ms);
/* Out of the heap. One that nobody holds is gone. */
void asyncscope__timer_list_unqueue(asyncscope__timer_lists_t *lists,
                                    asyncscope__timer_list_t *list);

/* The one that is due first, or NULL. */
static inline asyncscope__timer_list_t *asyncscope__timer_list_first(
    const asyncscope__timer_lists_t *lists) {
  return lists->queued == 0 ? NULL : lists->heap[0];
}

static inline bool asyncscope__timer_list_is_empty(
    const asyncscope__timer_list_t *list) {
  return list->timeouts.next == &list->timeouts;
}

/* There is no list any more. */
void asyncscope__timer_lists_finish(asyncscope__timer_lists_t *lists);

#endif
