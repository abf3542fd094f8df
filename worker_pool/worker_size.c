/* How many threads there are: making up for those that are missing, and a new
 * number.
 *
 * While a thread is being made the queue does not end, so the workers stay
 * until it is in service and sees to the end itself. One too many is none's
 * fault: a worker that finds more in service than wanted leaves. */
#include "worker_internal.h"

bool asyncscope__worker_pool_is_short_locked(const worker_pool_t *pool) {
  const asyncscope__worker_queue_t *queue = &pool->queue;
  return queue->threads + queue->starting < queue->target && !queue->ended;
}

bool asyncscope__worker_pool_claim_locked(worker_pool_t *pool) {
  bool is_short = asyncscope__worker_pool_is_short_locked(pool);
  pool->queue.starting += is_short;
  return is_short;
}

static bool claim(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  bool claimed = asyncscope__worker_pool_claim_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
  return claimed;
}

static void give_up_claim(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  pool->queue.starting--;
  asyncscope__worker_queue_tell_end_locked(pool);
  asyncscope__worker_queue_unlock(&pool->queue);
}

int asyncscope__worker_pool_start_claimed(worker_pool_t *pool) {
  int error = asyncscope__worker_start(pool);
  if (error != 0)
    give_up_claim(pool);
  return error;
}

int asyncscope__worker_pool_fill(worker_pool_t *pool) {
  int error = 0;
  while (error == 0 && claim(pool))
    error = asyncscope__worker_pool_start_claimed(pool);
  return error == 0 ? 0 : async_error_set(error, "no thread for the pool");
}

static int begin(worker_pool_t *pool, size_t threads) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  asyncscope__worker_queue_lock(queue);
  int error = queue->closing ? UV_ECANCELED : 0;
  if (error == 0) {
    queue->resizing++;
    queue->target = threads;
    asyncscope__worker_queue_call_all_locked(queue);
  }
  asyncscope__worker_queue_unlock(queue);
  return error;
}

static void end(worker_pool_t *pool, int error) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  asyncscope__worker_queue_lock(queue);
  if (error != 0 && queue->threads > 0 && queue->threads < queue->target)
    queue->target = queue->threads;
  queue->resizing--;
  if (error != 0)
    asyncscope__worker_queue_give_up_locked(pool);
  asyncscope__worker_queue_tell_end_locked(pool);
  asyncscope__worker_queue_unlock(queue);
}

int worker_pool_resize(worker_pool_t *pool, size_t threads) {
  if (pool == NULL || threads == 0 || threads > WORKER_POOL_THREADS_MAX)
    return async_error_set(
        UV_EINVAL, pool == NULL
                       ? "the pool is NULL"
                       : "a pool has 1 to WORKER_POOL_THREADS_MAX threads");
  int error = begin(pool, threads);
  if (error != 0)
    return async_error_set(error, "the pool is closing");
  error = asyncscope__worker_pool_fill(pool);
  end(pool, error);
  return error;
}
