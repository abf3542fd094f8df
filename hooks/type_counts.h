/* What a thread has made, run and ended, by type: a row for each of a bounded
 * number of types and one for all others, found by the type's number. A row is
 * made before the first resource of its type, never moves and stays until the
 * environment's memory goes. */
#ifndef ASYNCSCOPE_HOOKS_TYPE_COUNTS_H
#define ASYNCSCOPE_HOOKS_TYPE_COUNTS_H

#include "asyncscope/async_histogram.h"
#include "counter.h"
#include <stdbool.h>

typedef struct asyncscope__type_count_s {
  _Atomic(struct asyncscope__type_count_s *) next;
  uint32_t type; /* ASYNCSCOPE__TYPE_NONE: all others */
  /* The program's, asyncscope's own. */
  asyncscope__counter_t created[2], destroyed[2];
  async_histogram_t run_ns; /* the program's */
} asyncscope__type_count_t;

#define ASYNCSCOPE__TYPE_COUNTS_MAX 256u
#define ASYNCSCOPE__TYPE_PAGES      16u
#define ASYNCSCOPE__TYPE_PAGE       256u

typedef struct asyncscope__type_counts_s {
  _Atomic(asyncscope__type_count_t *) first;
  asyncscope__type_count_t *last, *others;
  uint32_t rows;
  asyncscope__type_count_t **pages[ASYNCSCOPE__TYPE_PAGES];
} asyncscope__type_counts_t;

/* A row for `type`, or others' for it. False without memory. */
bool asyncscope__type_counts_add(asyncscope__type_counts_t *counts,
                                 uint32_t type);
/* No reader may be left. */
void asyncscope__type_counts_finish(asyncscope__type_counts_t *counts);

/* The owner's: NULL when there is none. */
static inline asyncscope__type_count_t *asyncscope__type_count(
    const asyncscope__type_counts_t *counts, uint32_t type) {
  if (type >= ASYNCSCOPE__TYPE_PAGES * ASYNCSCOPE__TYPE_PAGE)
    return counts->others;
  asyncscope__type_count_t **page = counts->pages[type / ASYNCSCOPE__TYPE_PAGE];
  return page == NULL ? NULL : page[type % ASYNCSCOPE__TYPE_PAGE];
}

#endif
