#include "blocked_pool.h"

#include "test_main.h"
#include <stdlib.h>

static void hold(uv_work_t *work) {
  blocked_pool_t *pool = work->data;
  uv_sem_post(&pool->running);
  uv_sem_wait(&pool->release);
}

static void on_held(uv_work_t *work, int status) {
  blocked_pool_t *pool = work->data;
  (void)status;
  uv_sem_destroy(&pool->running);
  uv_sem_destroy(&pool->release);
}

void blocked_pool_hold(blocked_pool_t *pool, uv_loop_t *loop) {
  assert_int_equal(setenv("UV_THREADPOOL_SIZE", "1", 1), 0);
  assert_int_equal(uv_sem_init(&pool->running, 0), 0);
  assert_int_equal(uv_sem_init(&pool->release, 0), 0);
  pool->work.data = pool;
  assert_int_equal(uv_queue_work(loop, &pool->work, hold, on_held), 0);
  uv_sem_wait(&pool->running);
}

void blocked_pool_release(blocked_pool_t *pool) {
  uv_sem_post(&pool->release);
}
