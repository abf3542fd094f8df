#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(promise_parent_without_trigger) {
  async_promise_t *parent =
      promise_then(promise_resolved(NULL), promise_say, "parent");
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
  promise_then(parent, promise_say, "child");
}
