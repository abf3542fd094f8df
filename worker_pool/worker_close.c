/* The end of a pool, in this order: queue closed, workers gone, ports of other
 * loops closed, threads joined, the closing loop's port closed, memory back,
 * on_closed. Every step is brought about by the one before. */
#include "worker_internal.h"

#include "asyncscope/async_allocator.h"

#define CLOSE_TYPE "WORKERPOOL"

void asyncscope__worker_pool_join(worker_pool_t *pool) {
  if (pool->has_left)
    uv_thread_join(&pool->left);
}

void asyncscope__worker_pool_destroy(worker_pool_t *pool) {
  asyncscope__worker_times_free(pool);
  asyncscope__worker_queue_finish(&pool->queue);
  asyncscope__worker_port_destroy(pool->spare);
  async_free(pool);
}

/* The first to close gets the spare port; NULL for everybody after it. */
static worker_port_t *claim_close(worker_pool_t *pool) {
  asyncscope__worker_queue_lock(&pool->queue);
  worker_port_t *spare = pool->spare;
  pool->spare = NULL;
  asyncscope__worker_queue_unlock(&pool->queue);
  return spare;
}

static void set_closer(worker_pool_t *pool, worker_port_t *port,
                       worker_port_t *spare) {
  asyncscope__worker_queue_lock(&pool->queue);
  pool->spare = spare;
  pool->closer = port;
  asyncscope__worker_queue_unlock(&pool->queue);
}

/* The loop's own port where it has one, else the spare. */
static int choose_closer(worker_pool_t *pool, worker_port_t *spare) {
  worker_port_t *port = asyncscope__worker_port_find(pool);
  if (port != NULL) {
    asyncscope__worker_port_destroy(spare);
    set_closer(pool, port, NULL);
    return 0;
  }
  int error = asyncscope__worker_port_open(spare);
  if (error != 0)
    set_closer(pool, NULL, spare);
  else
    set_closer(pool, spare, NULL);
  return error;
}

int worker_pool_close(worker_pool_t *pool, bool drain,
                      worker_pool_closed_cb on_closed, void *arg) {
  if (pool == NULL || async_env_loop() == NULL)
    return async_error_set(UV_EINVAL, pool == NULL ? "the pool is NULL"
                                                   : "this thread has no loop");
  worker_port_t *spare = claim_close(pool);
  if (spare == NULL)
    return async_error_set(UV_EALREADY, "the pool is closing");
  int error = choose_closer(pool, spare);
  if (error != 0)
    return error;
  pool->on_closed = on_closed;
  pool->on_closed_arg = arg;
  async_resource_init(&pool->resource, CLOSE_TYPE, NULL);
  asyncscope__worker_port_expect_close(pool->closer);
  asyncscope__worker_queue_close(pool, !drain);
  if (!drain)
    asyncscope__worker_queue_cancel_all(pool, NULL);
  return 0;
}

void asyncscope__worker_pool_ended(worker_pool_t *pool) {
  async_resource_t resource = pool->resource;
  worker_pool_closed_cb on_closed = pool->on_closed;
  void *arg = pool->on_closed_arg;
  asyncscope__worker_pool_destroy(pool);
  bool entered = async_callback_scope_open(&resource) == 0;
  if (on_closed != NULL)
    on_closed(arg);
  if (entered)
    async_callback_scope_close(&resource);
  async_resource_finish(&resource);
}
