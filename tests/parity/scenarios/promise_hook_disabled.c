#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;
static async_promise_t *late;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  async_promise_resolve(late, NULL);
}

SCENARIO(promise_hook_disabled) {
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
  late = promise_make();
  promise_then(late, promise_say, "late");
  promise_then(promise_resolved(NULL), promise_say, "queued before");
  trace_hook_disable(&hook);
  promise_then(promise_resolved(NULL), promise_say, "queued behind");
  set_immediate(on_immediate);
}
