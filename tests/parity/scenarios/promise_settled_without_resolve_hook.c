#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

static void reject(void *promise) {
  static char reason[] = "reason";
  async_promise_reject(promise, reason);
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)reason, (void)data;
  trace_where("unhandled");
}

SCENARIO(promise_settled_without_resolve_hook) {
  async_promise_t *promise = promise_make();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
  run_in(make_resource("REJECTER"), reject, promise);
}
