#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(promise_enable_disable_enable) {
  trace_hook_make(&hook, "", TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
  trace_hook_disable(&hook);
  trace_hook_enable(&hook);
  trace_where("outside");
  promise_then(promise_resolved(NULL), promise_say, "then");
}
