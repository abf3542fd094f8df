#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(promise_enabled_singly) {
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " PROMISE ";
  trace_hook_enable(&hook);
  promise_resolved("1");
  trace_hook_disable(&hook);
  promise_resolved("2");
  trace_hook_enable(&hook);
  promise_resolved("3");
  trace_hook_disable(&hook);
}
