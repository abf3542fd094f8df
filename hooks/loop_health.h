/* How a bound loop is doing: published by its thread at each check phase, read
 * by any. The wait in progress is published when it begins and when the first
 * scope after it does, so that nobody has to wait for the check phase to know
 * whether a loop waits or is stuck. */
#ifndef ASYNCSCOPE_HOOKS_LOOP_HEALTH_H
#define ASYNCSCOPE_HOOKS_LOOP_HEALTH_H

#include "asyncscope/async_histogram.h"
#include "counter.h"
#include "slab.h"
#include <stdbool.h>
#include <uv.h>

typedef struct asyncscope__loop_health_s {
  asyncscope__slot_t slot;      /* guards the words down to `waited_ns` */
  _Atomic uint64_t attached_ns; /* 0: no loop is bound */
  /* Up to the last check phase, over all loops that were ever bound; and what
   * it was when this one was. */
  _Atomic uint64_t idle_ns, idle_before_ns;
  /* The poll phase has begun, no check since: when, else 0; and when the first
   * scope of it did, 0 for none yet. */
  _Atomic uint64_t waiting_ns, waited_ns;
  /* What readers have answered: libuv counts a little less than a reader that
   * looks on, and no answer may be less than the one before. Readers raise it.
   */
  _Atomic uint64_t idle_told_ns;
  uint64_t loop_idle_ns; /* the owner's: libuv's count, at the last */
  asyncscope__counter_t checked_ns; /* at the last check phase; 0: none yet */
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

/* The poll phase begins, inside of so many scopes. */
void asyncscope__loop_health_wait(asyncscope__loop_health_t *health,
                                  size_t scopes, uint64_t now_ns);
/* The first scope since then has. */
void asyncscope__loop_health_waited(asyncscope__loop_health_t *health,
                                    uint64_t now_ns);

#endif
