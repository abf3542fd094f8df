#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
}

SCENARIO(track_promises_false) {
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  MUST(async_hook_set_track_promises(&hook.hook, false));
  trace_hook_enable(&hook);
  promise_then(promise_resolved(NULL), promise_say, "then");
  set_timeout(on_timeout, 1);
}
