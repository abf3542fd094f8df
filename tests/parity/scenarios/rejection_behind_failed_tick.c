#include "asyncscope/async_fail.h"
#include "promise.h"
#include "scenario.h"

static async_promise_t *promise;

static void on_nothing(async_immediate_t *immediate) {
  (void)immediate;
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("uncaught %s", message);
  set_immediate(on_nothing); /* Node makes one, so that its loop turns */
}

static void on_unhandled(async_promise_t *rejected, void *reason, void *data) {
  (void)rejected, (void)data;
  trace_print("unhandled %s", (const char *)reason);
}

static void *on_caught(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  trace_print("caught %s", (const char *)reason);
  return NULL;
}

static void on_tick(void *arg) {
  (void)arg;
  promise_rejected("nobody");
  promise = promise_rejected("somebody");
  async_fail("tick");
}

static void on_first(async_immediate_t *immediate) {
  (void)immediate;
  next_tick(on_tick, NULL);
}

static void on_second(async_immediate_t *immediate) {
  (void)immediate;
  promise_catch(promise, on_caught, NULL);
}

SCENARIO(rejection_behind_failed_tick) {
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  set_immediate(on_first);
  set_immediate(on_second);
}
