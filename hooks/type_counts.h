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
#define ASYNCSCOPE__TYPES_MAX       4096u /* higher numbers are others */

typedef struct asyncscope__type_counts_s {
  _Atomic(asyncscope__type_count_t *) first;
  asyncscope__type_count_t *last, *others;
  uint32_t rows;
  /* The owner's: of each type below `types` its row, NULL before its first. */
  asyncscope__type_count_t **row_of;
  uint32_t types;
} asyncscope__type_counts_t;

/* A row for `type`, or others' for it. NULL without memory. */
asyncscope__type_count_t *asyncscope__type_counts_add(
    asyncscope__type_counts_t *counts, uint32_t type);
/* What was made of all types: the program's, asyncscope's own. Thread: any. */
void asyncscope__type_counts_created(const asyncscope__type_counts_t *counts,
                                     uint64_t ret_created[2]);
/* No reader may be left. */
void asyncscope__type_counts_finish(asyncscope__type_counts_t *counts);

/* The owner's: NULL when there is none. */
static inline asyncscope__type_count_t *asyncscope__type_count(
    const asyncscope__type_counts_t *counts, uint32_t type) {
  if (__builtin_expect(type < counts->types, 1))
    return counts->row_of[type];
  return type < ASYNCSCOPE__TYPES_MAX ? NULL : counts->others;
}

#endif
