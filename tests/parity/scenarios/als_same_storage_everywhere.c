#include "promise.h"
#include "scenario.h"

static async_local_storage_t *storage;

static void say(void *text) {
  trace_store(text, storage);
}

static void *on_then(async_promise_t *derived, void *value, void *text) {
  (void)derived, (void)value;
  trace_store(text, storage);
  return NULL;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate of timeout", storage);
}

static int in_exit(void *arg) {
  (void)arg;
  next_tick(say, (void *)(uintptr_t) "tick of exit");
  promise_then(promise_resolved(NULL), on_then, "then of exit");
  enter_with(storage, "entered in exit");
  trace_store("in exit", storage);
  return 0;
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_store("timeout", storage);
  set_immediate(on_immediate);
  MUST(async_local_storage_exit(storage, in_exit, NULL));
  trace_store("after exit", storage);
}

static void on_microtask(void *arg) {
  (void)arg;
  trace_store("microtask", storage);
  async_local_storage_disable(storage);
  trace_store("off", storage);
}

static void on_tick(void *arg) {
  (void)arg;
  enter_with(storage, "entered in tick");
  queue_microtask(on_microtask, NULL);
}

static void in_run(void *arg) {
  (void)arg;
  set_timeout(on_timeout, 1);
  next_tick(on_tick, NULL);
  promise_then(promise_resolved(NULL), on_then, "then");
}

SCENARIO(als_same_storage_everywhere) {
  storage = make_storage();
  run_with(storage, "run", in_run, NULL);
  next_tick(say, (void *)(uintptr_t) "tick outside");
}
