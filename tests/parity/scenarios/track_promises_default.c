#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(track_promises_default) {
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " PROMISE ";
  trace_hook_enable(&hook);
  promise_resolved(NULL);
}
