#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(promise_id_at_before) {
  async_promise_t *promise =
      promise_then(promise_resolved(NULL), promise_say, "first");
  promise_then(promise, promise_say, "second");
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
}
