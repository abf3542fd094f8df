#include "scenario.h"

static trace_hook_t hook;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

static void on_first_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("first immediate");
}

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

static void on_event(trace_hook_t *self, unsigned event, async_id_t async_id) {
  static int left = 2;
  (void)self, (void)async_id;
  if (event != TRACE_DESTROY || left == 0)
    return;
  left--;
  MUST(async_resource_emit_destroy(make_resource("MADE_IN_DESTROY")));
  set_immediate(on_immediate);
  next_tick(on_tick, NULL);
}

SCENARIO(destroy_hook_makes_resources) {
  trace_hook_make(&hook, "", TRACE_ALL);
  hook.on = on_event;
  trace_hook_enable(&hook);
  MUST(async_resource_emit_destroy(make_resource("FIRST")));
  set_immediate(on_first_immediate);
  trace_where("top level");
}
