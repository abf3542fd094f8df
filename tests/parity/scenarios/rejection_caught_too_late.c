#include "promise.h"
#include "scenario.h"

static async_promise_t *second;

static void *on_caught(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  trace_print("caught %s", (const char *)reason);
  return NULL;
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)data;
  trace_print("unhandled %s", (const char *)reason);
  if (promise != second)
    promise_catch(second, on_caught, NULL);
}

SCENARIO(rejection_caught_too_late) {
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  promise_rejected("first");
  second = promise_rejected("second");
}
