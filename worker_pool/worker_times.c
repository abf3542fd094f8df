/* What tasks took, by type: recording and reading it.
 *
 * What must stay true:
 * - A type is known by the address of its interned name. Its row is taken once,
 *   under the queue's locks, and never changes hands; finding it takes no lock.
 *   The last row is everybody's for whom none was left.
 * - Each thread records in memory of its own and everybody may read it: no
 *   worker waits for another to count. What a thread leaves behind stays, and
 *   the next one goes on there, so nothing that was counted is lost and there
 *   is no more memory than threads at a time. */
#include "worker_internal.h"

#include "asyncscope/async_allocator.h"

typedef asyncscope__worker_times_t times_t;

#define LAST   (WORKER_POOL_TYPES_MAX - 1)
#define OTHERS "others"

static const char *type_at(const worker_pool_t *pool, size_t row) {
  return atomic_load_explicit(&pool->types[row], memory_order_acquire);
}

/* The row of `type`, or the first free one, or the last. */
static size_t row_of(const worker_pool_t *pool, const char *type) {
  size_t row = 0;
  while (row < LAST && type_at(pool, row) != NULL && type_at(pool, row) != type)
    row++;
  return row;
}

unsigned char asyncscope__worker_times_row(worker_pool_t *pool,
                                           const char *type) {
  size_t row = row_of(pool, type);
  if (type_at(pool, row) != NULL)
    return (unsigned char)row;
  asyncscope__worker_queue_lock(&pool->queue);
  row = row_of(pool, type);
  atomic_store_explicit(&pool->types[row], row < LAST ? type : OTHERS,
                        memory_order_release);
  asyncscope__worker_queue_unlock(&pool->queue);
  return (unsigned char)row;
}

static times_t *first(const worker_pool_t *pool) {
  return atomic_load_explicit(&pool->times, memory_order_acquire);
}

static times_t *take_left_behind(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  times_t *times = first(pool);
  while (times != NULL && times->taken)
    times = times->next;
  if (times != NULL)
    times->taken = true;
  asyncscope__worker_queue_unlock(&pool->queue);
  return times;
}

static void add(worker_pool_t *pool, times_t *times) {
  times->taken = true;
  asyncscope__worker_queue_lock(&pool->queue);
  times->next = first(pool);
  atomic_store_explicit(&pool->times, times, memory_order_release);
  asyncscope__worker_queue_unlock(&pool->queue);
}

times_t *asyncscope__worker_times_take(worker_pool_t *pool) {
  times_t *times = take_left_behind(pool);
  if (times != NULL)
    return times;
  times = async_calloc(1, sizeof(*times));
  if (times != NULL)
    add(pool, times);
  return times;
}

void asyncscope__worker_times_give_locked(times_t *times) {
  if (times != NULL)
    times->taken = false;
}

void asyncscope__worker_times_give(worker_pool_t *pool, times_t *times) {
  asyncscope__worker_queue_lock(&pool->queue);
  asyncscope__worker_times_give_locked(times);
  asyncscope__worker_queue_unlock(&pool->queue);
}

void asyncscope__worker_times_free(worker_pool_t *pool) {
  times_t *next, *times = first(pool);
  for (; times != NULL; times = next) {
    next = times->next;
    async_free(times);
  }
}

static void add_row(const worker_pool_t *pool, size_t row,
                    worker_histograms_t *sum) {
  const times_t *times = first(pool);
  for (; times != NULL; times = times->next) {
    const async_histogram_t *spans = times->spans[row];
    async_histogram_add(&sum->waited, &spans[ASYNCSCOPE__WAITED]);
    async_histogram_add(&sum->worked, &spans[ASYNCSCOPE__WORKED]);
    async_histogram_add(&sum->delayed, &spans[ASYNCSCOPE__DELAYED]);
  }
}

int worker_pool_histograms(const worker_pool_t *pool, size_t index,
                           const char **ret_type, worker_histograms_t *sum) {
  const char *type =
      index < WORKER_POOL_TYPES_MAX ? type_at(pool, index) : NULL;
  if (type == NULL)
    return UV_ENOENT;
  *ret_type = type;
  add_row(pool, index, sum);
  return 0;
}

static worker_time_t summary(const async_histogram_t *histogram) {
  return (worker_time_t){.count = async_histogram_count(histogram),
                         .p50_ns = async_histogram_percentile(histogram, 50),
                         .p90_ns = async_histogram_percentile(histogram, 90),
                         .p99_ns = async_histogram_percentile(histogram, 99),
                         .max_ns = async_histogram_max(histogram)};
}

static worker_times_t times_of(const char *type,
                               const worker_histograms_t *sum) {
  return (worker_times_t){.type = type,
                          .waited = summary(&sum->waited),
                          .worked = summary(&sum->worked),
                          .delayed = summary(&sum->delayed)};
}

int worker_pool_times(const worker_pool_t *pool, size_t index,
                      worker_times_t *ret_times) {
  const char *type;
  worker_histograms_t sum = {0};
  int error = worker_pool_histograms(pool, index, &type, &sum);
  if (error == 0)
    *ret_times = times_of(type, &sum);
  return error;
}

void worker_pool_times_total(const worker_pool_t *pool,
                             worker_times_t *ret_times) {
  worker_histograms_t sum = {0};
  for (size_t row = 0; row < WORKER_POOL_TYPES_MAX; row++)
    add_row(pool, row, &sum);
  *ret_times = times_of("", &sum);
}
