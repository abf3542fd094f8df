#include "asyncscope/async_timers_promises.h"
#include "promise.h"

static void *on_timer(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *next = NULL;
  (void)value, (void)arg;
  trace_print("timer");
  int error = async_immediate_promise(NULL, &next);
  return async_promise_follow(derived, error, next);
}

static void *on_immediate(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("immediate");
  return NULL;
}

SCENARIO(timers_promises_destroyed) {
  async_promise_t *chain;
  trace_start_only(" Timeout Immediate ");
  MUST(async_uv_timer_promise(scenario_loop(), 1, NULL, &chain));
  MUST(async_promise_chain(&chain, on_timer, NULL, NULL));
  MUST(async_promise_chain(&chain, on_immediate, NULL, NULL));
  promise_keep(chain);
}
