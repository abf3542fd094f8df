#include "scenario.h"

static trace_hook_t hook;
static async_resource_t *inner;

static void on_destroy(trace_hook_t *seen, unsigned event,
                       async_id_t async_id) {
  static bool done;
  (void)seen, (void)event, (void)async_id;
  if (!done) {
    done = true;
    MUST(async_resource_emit_destroy(inner));
  }
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(destroy_during_destroy) {
  inner = make_resource("inner");
  trace_hook_make(&hook, "", TRACE_DESTROY);
  hook.only = " outer inner ";
  hook.on = on_destroy;
  trace_hook_enable(&hook);
  MUST(async_resource_emit_destroy(make_resource("outer")));
  set_immediate(on_immediate);
}
