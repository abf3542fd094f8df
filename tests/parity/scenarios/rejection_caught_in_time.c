#include "promise.h"
#include "scenario.h"

static async_promise_t *promises[3];

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)data;
  trace_print("unhandled %s", (const char *)reason);
}

static void *on_caught(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  trace_print("caught %s", (const char *)reason);
  return NULL;
}

static void catch_it(void *promise) {
  promise_catch(promise, on_caught, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  catch_it(promises[2]);
}

SCENARIO(rejection_caught_in_time) {
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  promises[0] = promise_rejected("tick");
  next_tick(catch_it, promises[0]);
  promises[1] = promise_rejected("microtask");
  queue_microtask(catch_it, promises[1]);
  promises[2] = promise_rejected("immediate");
  set_immediate(on_immediate);
}
