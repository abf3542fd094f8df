#include "scenario.h"

static trace_hook_t hook;

static void on_microtask(void *arg) {
  (void)arg;
  trace_where("microtask");
}

static void on_event(trace_hook_t *self, unsigned event, async_id_t async_id) {
  static bool once;
  (void)self, (void)async_id;
  if (event != TRACE_DESTROY || once)
    return;
  once = true;
  queue_microtask(on_microtask, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

SCENARIO(destroy_hook_microtasks) {
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.only = " FIRST SECOND Microtask ";
  hook.on = on_event;
  trace_hook_enable(&hook);
  MUST(async_resource_emit_destroy(make_resource("FIRST")));
  MUST(async_resource_emit_destroy(make_resource("SECOND")));
  set_immediate(on_immediate);
}
