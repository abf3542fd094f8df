#include "promise.h"
#include "scenario.h"
#include <string.h>

static async_promise_t *late;

static void *on_caught(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)reason, (void)arg;
  trace_print("caught");
  return NULL;
}

static void catch_late(void *arg) {
  (void)arg;
  promise_catch(late, on_caught, NULL);
}

static void on_tick(void *arg) {
  (void)arg;
  trace_print("tick");
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)data;
  trace_print("unhandled %s", (const char *)reason);
  if (strcmp(reason, "first") != 0)
    return;
  late = promise_rejected("caught in a microtask");
  queue_microtask(catch_late, NULL);
  promise_rejected("second");
  next_tick(on_tick, NULL);
}

SCENARIO(rejection_in_rejection_handler) {
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  promise_rejected("first");
  promise_rejected("other");
}
