/* How a bound loop is doing: published by its thread at each check phase, read
 * by any. */
#ifndef ASYNCSCOPE_HOOKS_LOOP_HEALTH_H
#define ASYNCSCOPE_HOOKS_LOOP_HEALTH_H

#include "asyncscope/async_histogram.h"
#include "counter.h"
#include <stdbool.h>
#include <uv.h>

typedef struct asyncscope__loop_health_s {
  asyncscope__counter_t attached_ns; /* 0: no loop is bound */
  asyncscope__counter_t checked_ns;  /* at the last check phase; 0: none yet */
  asyncscope__counter_t idle_ns;
  /* The poll phase has begun, no check since: 1 and the scopes open then. */
  asyncscope__counter_t waiting;
  asyncscope__counter_t active_handles, active_requests;
  asyncscope__counter_t events, events_waiting;
  async_histogram_t busy_ns; /* of each iteration */
} asyncscope__loop_health_t;

void asyncscope__loop_health_begin(asyncscope__loop_health_t *health,
                                   uv_loop_t *loop, uint64_t now_ns);
void asyncscope__loop_health_end(asyncscope__loop_health_t *health);

/* At the beginning of each check phase. */
void asyncscope__loop_health_check(asyncscope__loop_health_t *health,
                                   uv_loop_t *loop, uint64_t now_ns);

static inline void asyncscope__loop_health_wait(
    asyncscope__loop_health_t *health, size_t scopes) {
  asyncscope__counter_set(&health->waiting, scopes + 1);
}

#endif
