#include "asyncscope/async_timers_promises.h"
#include "promise.h"

static char first[] = "first", second[] = "second", third[] = "third";

static void *on_first(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *next = NULL;
  (void)arg;
  trace_where(value);
  int error = async_immediate_promise(second, &next);
  return async_promise_follow(derived, error, next);
}

static void *on_second(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *next = NULL;
  (void)arg;
  trace_where(value);
  int error = async_uv_timer_promise(scenario_loop(), 1, third, &next);
  return async_promise_follow(derived, error, next);
}

static void *on_third(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  trace_where(value);
  return NULL;
}

SCENARIO(timers_promises_chain) {
  async_promise_t *chain;
  trace_start_but_destroy();
  MUST(async_uv_timer_promise(scenario_loop(), 1, first, &chain));
  MUST(async_promise_chain(&chain, on_first, NULL, NULL));
  MUST(async_promise_chain(&chain, on_second, NULL, NULL));
  MUST(async_promise_chain(&chain, on_third, NULL, NULL));
  promise_keep(chain);
}
