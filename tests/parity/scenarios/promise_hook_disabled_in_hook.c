#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

static void on_event(trace_hook_t *traced, unsigned event,
                     async_id_t async_id) {
  (void)async_id;
  if (event == TRACE_BEFORE)
    trace_hook_disable(traced);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  promise_then(promise_resolved(NULL), promise_say, "later");
}

SCENARIO(promise_hook_disabled_in_hook) {
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  hook.on = on_event;
  trace_hook_enable(&hook);
  promise_then(promise_resolved(NULL), promise_say, "disables");
  set_immediate(on_immediate);
}
