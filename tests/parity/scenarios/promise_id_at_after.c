#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  static char reason[] = "then";
  (void)value, (void)arg;
  trace_hook_enable(&hook);
  trace_where("then");
  async_promise_reject(derived, reason);
  return NULL;
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)reason, (void)data;
  trace_where("unhandled");
}

SCENARIO(promise_id_at_after) {
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  promise_then(promise_resolved(NULL), on_then, NULL);
}
