/* The timeouts of an environment: their lists, and the one timer of the bound
 * loop that says when the first list is due. */
#ifndef ASYNCSCOPE_HOOKS_TIMEOUTS_H
#define ASYNCSCOPE_HOOKS_TIMEOUTS_H

#include "timer_lists.h"
#include <uv.h>

/* A timeout whose callback runs: on the stack of the thread, the innermost
 * first. It is in no list, unless it was started again. */
typedef struct asyncscope__firing_s {
  async_timeout_t *timeout; /* NULL: it was stopped, and may be gone */
  struct asyncscope__firing_s *around;
  bool repeats, returned;
  uint64_t began_ms;
} asyncscope__firing_t;

typedef struct asyncscope__timeouts_s {
  uv_timer_t timer; /* active while a list is queued; referenced below */
  asyncscope__timer_lists_t lists;
  asyncscope__firing_t *firing;
  /* Chosen as the next one before the ticks behind the last one ran: it fires
   * though one of them refreshes it. NULL: none, or it was stopped. */
  async_timeout_t *next;
  bool failed; /* the last one that fired, or a tick between it and the next */
  uint32_t referenced; /* live ones that keep the loop alive */
} asyncscope__timeouts_t;

struct async_env_s;

void asyncscope__timeouts_open(struct async_env_s *env, uv_loop_t *loop);
/* None can run any more. */
void asyncscope__timeouts_stop(struct async_env_s *env);

/* The loop's time, looked at now. */
uint64_t asyncscope__timeouts_now_ms(struct async_env_s *env);
/* At the end of its list, which it holds; out of where it is. */
void asyncscope__timeout_insert(struct async_env_s *env,
                                async_timeout_t *timeout, uint64_t started_ms);
void asyncscope__timeout_unlist(async_timeout_t *timeout);
/* It is live no more, and was unlisted: its resource is finished. */
void asyncscope__timeout_end(struct async_env_s *env, async_timeout_t *timeout);
/* The loop's timer, for the list that is due first. */
void asyncscope__timeouts_schedule(struct async_env_s *env);
/* The loop's timer: runs what is due. */
void asyncscope__timeouts_run(uv_timer_t *timer);

static inline bool asyncscope__timeout_is_listed(
    const async_timeout_t *timeout) {
  return timeout->next != NULL;
}

#endif
