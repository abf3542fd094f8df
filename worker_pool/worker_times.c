/* Which histograms a task's times go to, and reading them.
 *
 * A type is known by the address of its interned name. Its row is taken once,
 * under queue.lock, and never changes hands; finding it takes no lock. The last
 * row is everybody's for whom none was left. */
#include "worker_internal.h"

#define LAST   (WORKER_POOL_TYPES_MAX - 1)
#define OTHERS "others"

static const char *type_at(const worker_pool_t *pool, size_t row) {
  return atomic_load_explicit(&pool->times[row].type, memory_order_acquire);
}

/* The row of `type`, or the first free one, or the last. */
static size_t row_of(const worker_pool_t *pool, const char *type) {
  size_t row = 0;
  while (row < LAST && type_at(pool, row) != NULL && type_at(pool, row) != type)
    row++;
  return row;
}

asyncscope__worker_times_t *asyncscope__worker_times_of(worker_pool_t *pool,
                                                        const char *type) {
  size_t row = row_of(pool, type);
  if (type_at(pool, row) == NULL) {
    uv_mutex_lock(&pool->queue.lock);
    row = row_of(pool, type);
    atomic_store_explicit(&pool->times[row].type, row < LAST ? type : OTHERS,
                          memory_order_release);
    uv_mutex_unlock(&pool->queue.lock);
  }
  return &pool->times[row];
}

static void read_rows(const worker_pool_t *pool, size_t first, size_t end,
                      enum asyncscope__worker_span_e span,
                      worker_time_t *ret_time) {
  asyncscope__histogram_sum_t sum = {0};
  for (size_t row = first; row < end; row++)
    asyncscope__histogram_add(&pool->times[row].spans[span], &sum);
  asyncscope__histogram_read(&sum, ret_time);
}

static void read_times(const worker_pool_t *pool, size_t first, size_t end,
                       worker_times_t *ret_times) {
  read_rows(pool, first, end, ASYNCSCOPE__WAITED, &ret_times->waited);
  read_rows(pool, first, end, ASYNCSCOPE__WORKED, &ret_times->worked);
  read_rows(pool, first, end, ASYNCSCOPE__DELAYED, &ret_times->delayed);
}

int worker_pool_times(const worker_pool_t *pool, size_t index,
                      worker_times_t *ret_times) {
  const char *type =
      index < WORKER_POOL_TYPES_MAX ? type_at(pool, index) : NULL;
  if (type == NULL)
    return UV_ENOENT;
  ret_times->type = type;
  read_times(pool, index, index + 1, ret_times);
  return 0;
}

void worker_pool_times_total(const worker_pool_t *pool,
                             worker_times_t *ret_times) {
  ret_times->type = "";
  read_times(pool, 0, WORKER_POOL_TYPES_MAX, ret_times);
}
