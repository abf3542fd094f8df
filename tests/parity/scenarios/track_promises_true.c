#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(track_promises_true) {
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " PROMISE ";
  MUST(async_hook_set_track_promises(&hook.hook, true));
  trace_hook_enable(&hook);
  promise_resolved(NULL);
}
