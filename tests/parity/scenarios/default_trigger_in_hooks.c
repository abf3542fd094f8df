#include "scenario.h"

static trace_hook_t hook;
static bool busy;

static void on_event(trace_hook_t *self, unsigned event, async_id_t async_id) {
  (void)self, (void)event, (void)async_id;
  if (busy)
    return;
  busy = true;
  make_resource("BY_DEFAULT");
  make_triggered("BY_NUMBER", 77);
  busy = false;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

static void in_scope(void *arg) {
  (void)arg;
  trace_where("scope");
  set_immediate(on_immediate);
}

static void stop(void *arg) {
  (void)arg;
  trace_hook_disable(&hook);
}

SCENARIO(default_trigger_in_hooks) {
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.on = on_event;
  trace_hook_enable(&hook);
  run_in(make_triggered("OUTER", 0), in_scope, NULL);
  scenario_at_end(stop, NULL);
}
