#include "asyncscope/async_timers_promises.h"
#include "promise.h"

static async_local_storage_t *storage;
static async_promise_t *outside, *inside;

static void *say_store(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_store(arg, storage);
  return NULL;
}

static void *wait_more(async_promise_t *derived, void *value, void *arg) {
  async_promise_t *next = NULL;
  say_store(derived, value, arg);
  int error = async_immediate_promise(NULL, &next);
  return async_promise_follow(derived, error, next);
}

static void in_two(void *arg) {
  (void)arg;
  promise_then(inside, say_store, "inside one, then in two");
}

static void *run_two(async_promise_t *derived, void *value, void *arg) {
  say_store(derived, value, arg);
  MUST(async_uv_timer_promise(scenario_loop(), 1, NULL, &inside));
  run_with(storage, "two", in_two, NULL);
  promise_keep(inside);
  return NULL;
}

static void in_one(void *arg) {
  (void)arg;
  async_promise_t *then =
      promise_then(outside, wait_more, "outside, then in one");
  promise_then(then, run_two, "after the immediate");
}

SCENARIO(als_timers_promises) {
  storage = make_storage();
  MUST(async_uv_timer_promise(scenario_loop(), 1, NULL, &outside));
  run_with(storage, "one", in_one, NULL);
  promise_keep(outside);
}
