#include "type_counts.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_inspect.h"
#include "env.h"
#include "types.h"
#include <string.h>

#define TYPES_FIRST 64u

static asyncscope__type_count_t *add_row(asyncscope__type_counts_t *counts,
                                         uint32_t type) {
  asyncscope__type_count_t *row = async_calloc(1, sizeof(*row));
  if (row == NULL)
    return NULL;
  row->type = type;
  if (counts->last == NULL)
    atomic_store_explicit(&counts->first, row, memory_order_release);
  else
    atomic_store_explicit(&counts->last->next, row, memory_order_release);
  counts->last = row;
  counts->rows++;
  return row;
}

static asyncscope__type_count_t *others_of(asyncscope__type_counts_t *counts) {
  if (counts->others == NULL)
    counts->others = add_row(counts, ASYNCSCOPE__TYPE_NONE);
  return counts->others;
}

/* False without memory. */
static bool reserve(asyncscope__type_counts_t *counts, uint32_t type) {
  uint32_t types = counts->types == 0 ? TYPES_FIRST : counts->types;
  while (types <= type)
    types *= 2;
  if (types == counts->types)
    return true;
  /* NOLINTNEXTLINE(bugprone-sizeof-expression): they are pointers */
  size_t bytes = sizeof(*counts->row_of);
  asyncscope__type_count_t **row_of =
      async_realloc(counts->row_of, types * bytes);
  if (row_of == NULL)
    return false;
  memset(row_of + counts->types, 0, (types - counts->types) * bytes);
  counts->row_of = row_of;
  counts->types = types;
  return true;
}

asyncscope__type_count_t *asyncscope__type_counts_add(
    asyncscope__type_counts_t *counts, uint32_t type) {
  if (type >= ASYNCSCOPE__TYPES_MAX)
    return others_of(counts);
  if (!reserve(counts, type))
    return NULL;
  counts->row_of[type] = counts->rows < ASYNCSCOPE__TYPE_COUNTS_MAX - 1
                             ? add_row(counts, type)
                             : others_of(counts);
  return counts->row_of[type];
}

void asyncscope__type_counts_created(const asyncscope__type_counts_t *counts,
                                     uint64_t ret_created[2]) {
  const asyncscope__type_count_t *row =
      atomic_load_explicit(&counts->first, memory_order_acquire);
  ret_created[0] = ret_created[1] = 0;
  for (; row != NULL;
       row = atomic_load_explicit(&row->next, memory_order_acquire)) {
    ret_created[0] += asyncscope__counter_read(&row->created[0]);
    ret_created[1] += asyncscope__counter_read(&row->created[1]);
  }
}

void asyncscope__type_counts_finish(asyncscope__type_counts_t *counts) {
  asyncscope__type_count_t *row =
      atomic_load_explicit(&counts->first, memory_order_relaxed);
  while (row != NULL) {
    asyncscope__type_count_t *next =
        atomic_load_explicit(&row->next, memory_order_relaxed);
    async_free(row);
    row = next;
  }
  async_free(counts->row_of);
}

int async_inspect_type(async_env_t *env, size_t index,
                       async_type_info_t *ret_info, async_histogram_t *sum) {
  const asyncscope__type_count_t *row =
      atomic_load_explicit(&env->type_counts.first, memory_order_acquire);
  while (row != NULL && index-- > 0)
    row = atomic_load_explicit(&row->next, memory_order_acquire);
  if (row == NULL)
    return UV_ENOENT;
  *ret_info = (async_type_info_t){
      .type = row->type == ASYNCSCOPE__TYPE_NONE
                  ? "others"
                  : asyncscope__type_name(row->type),
      .created = asyncscope__counter_read(&row->created[0]),
      .destroyed = asyncscope__counter_read(&row->destroyed[0]),
      .internal_created = asyncscope__counter_read(&row->created[1]),
      .internal_destroyed = asyncscope__counter_read(&row->destroyed[1])};
  if (sum != NULL)
    async_histogram_add(sum, &row->run_ns);
  return 0;
}
