#include "promise.h"
#include "scenario.h"

static trace_hook_t hook, resolving;

static void on_event(trace_hook_t *traced, unsigned event,
                     async_id_t async_id) {
  (void)traced, (void)event, (void)async_id;
  trace_hook_enable(&resolving);
}

SCENARIO(promise_resolve_hook_enabled_in_hook) {
  trace_hook_make(&hook, "", TRACE_INIT);
  trace_hook_make(&resolving, "resolving", TRACE_RESOLVE);
  hook.only = " ENABLES ";
  hook.on = on_event;
  trace_hook_enable(&hook);
  make_resource("ENABLES");
  promise_resolved(NULL);
}
