#include "scenario.h"

static trace_hook_t hook;

static void on_event(trace_hook_t *seen, unsigned event, async_id_t async_id) {
  static bool made;
  (void)seen, (void)async_id;
  if (event == TRACE_DESTROY && !made) {
    made = true;
    trace_where("in destroy");
    MUST(async_resource_emit_destroy(make_resource("late")));
  }
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  MUST(async_resource_emit_destroy(make_resource("R")));
}

SCENARIO(ids_in_destroy_hook) {
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_DESTROY);
  hook.only = " R late ";
  hook.on = on_event;
  trace_hook_enable(&hook);
  set_immediate(on_immediate);
}
