#ifndef HELD_POOL_H
#define HELD_POOL_H

/* A pool on a loop of its own, whose workers can be kept in a task. */

#include "asyncscope/worker_pool.h"
#include <uv.h>

typedef struct held_pool_s {
  uv_loop_t loop;
  worker_pool_t *pool;
  worker_task_t tasks[WORKER_POOL_TYPES_MAX + 1];
  uv_sem_t begun, go;
} held_pool_t;

/* Attaches the loop. An error: what failed is left as it is. */
int held_pool_open(held_pool_t *held, const worker_pool_options_t *options);

/* A task that does nothing, of `type`, NULL for the usual one. */
void held_pool_submit(held_pool_t *held, size_t at, const char *type);

/* A task that keeps its worker; it has begun when this returns. */
void held_pool_hold(held_pool_t *held, size_t at);

/* Ends one that keeps its worker. */
void held_pool_let_go(held_pool_t *held);

/* Nobody is held. The loop is the caller's to close, behind its detachment. */
void held_pool_close(held_pool_t *held, bool drain);

#endif
