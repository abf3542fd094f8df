/* How many threads there are: making up for those that are missing, and a new
 * number.
 *
 * Whoever makes threads holds a place in the queue (or knows that nobody can
 * close the pool), so the workers stay until the last of them is in service.
 * One too many is none's fault: a worker that finds more in service than wanted
 * leaves. */
#include "worker_internal.h"

bool asyncscope__worker_pool_is_short_locked(const worker_pool_t *pool) {
  const asyncscope__worker_queue_t *queue = &pool->queue;
  return queue->info.threads + queue->starting < queue->target &&
         !asyncscope__worker_queue_has_ended(queue);
}

/* Nobody else makes the thread that is claimed here. */
static bool claim(worker_pool_t *pool) {
  uv_mutex_lock(&pool->queue.lock);
  bool is_short = asyncscope__worker_pool_is_short_locked(pool);
  pool->queue.starting += is_short;
  uv_mutex_unlock(&pool->queue.lock);
  return is_short;
}

static int start_claimed(worker_pool_t *pool) {
  int error = asyncscope__worker_start(pool);
  uv_mutex_lock(&pool->queue.lock);
  pool->queue.starting--;
  uv_mutex_unlock(&pool->queue.lock);
  return error;
}

int asyncscope__worker_pool_fill(worker_pool_t *pool) {
  int error = 0;
  while (error == 0 && claim(pool))
    error = start_claimed(pool);
  return error;
}

/* A place beside those that are counted for tasks. */
static int begin(worker_pool_t *pool, size_t threads) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  uv_mutex_lock(&queue->lock);
  int error = queue->closing ? UV_ECANCELED : 0;
  if (error == 0) {
    queue->resizing++;
    queue->target = threads;
    uv_cond_broadcast(&queue->wake);
  }
  uv_mutex_unlock(&queue->lock);
  return error;
}

static void end(worker_pool_t *pool, int error) {
  asyncscope__worker_queue_t *queue = &pool->queue;
  uv_mutex_lock(&queue->lock);
  if (error != 0 && queue->info.threads > 0 &&
      queue->info.threads < queue->target)
    queue->target = queue->info.threads;
  uv_mutex_unlock(&queue->lock);
  asyncscope__worker_queue_resized(pool);
}

int worker_pool_resize(worker_pool_t *pool, size_t threads) {
  if (pool == NULL || threads == 0 || threads > WORKER_POOL_THREADS_MAX)
    return UV_EINVAL;
  int error = begin(pool, threads);
  if (error != 0)
    return error;
  error = asyncscope__worker_pool_fill(pool);
  end(pool, error);
  return error;
}
