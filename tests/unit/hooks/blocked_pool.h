#ifndef ASYNCSCOPE_BLOCKED_POOL_H
#define ASYNCSCOPE_BLOCKED_POOL_H

#include <uv.h>

/* One work item that holds libuv's only pool thread, so that what is queued
 * behind it can still be cancelled. */
typedef struct blocked_pool_s {
  uv_work_t work;
  uv_sem_t running, release;
} blocked_pool_t;

/* Returns when the thread is held. Call it before anything else uses the pool
 * of the process. */
void blocked_pool_hold(blocked_pool_t *pool, uv_loop_t *loop);

/* Lets the thread go; run the loop to the end afterwards. */
void blocked_pool_release(blocked_pool_t *pool);

#endif
