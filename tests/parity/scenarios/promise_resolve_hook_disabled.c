#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static trace_hook_t resolving, other;
static async_promise_t *older[3];

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  char text[64];
  (void)promise, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  trace_where(text);
}

static void reject_one(void *promise) {
  static char reasons[3][16] = {"reason 0", "reason 1", "reason 2"};
  for (int i = 0; i < 3; i++)
    if (older[i] == promise)
      async_promise_reject(promise, reasons[i]);
}

static void reject(int i) {
  run_in(make_resource("REJECTER"), reject_one, older[i]);
}

static void last(async_immediate_t *immediate) {
  (void)immediate;
  trace_hook_enable(&resolving);
  trace_hook_disable(&other);
  reject(2);
}

static void second(async_immediate_t *immediate) {
  (void)immediate;
  trace_hook_disable(&other);
  trace_hook_enable(&other);
  reject(1); /* does not */
  set_immediate(last);
}

SCENARIO(promise_resolve_hook_disabled) {
  unsigned events = TRACE_INIT | TRACE_BEFORE | TRACE_AFTER;
  for (int i = 0; i < 3; i++)
    older[i] = promise_make();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  trace_hook_make(&resolving, "resolving", events | TRACE_RESOLVE);
  trace_hook_make(&other, "other", events);
  trace_hook_enable(&resolving);
  trace_hook_enable(&other);
  trace_hook_disable(&resolving);
  reject(0); /* takes an id */
  set_immediate(second);
}
