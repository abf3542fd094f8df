#include "scenario.h"

static trace_hook_t hook;
static async_resource_t *resource;

static void on_destroy(trace_hook_t *seen, unsigned event,
                       async_id_t async_id) {
  (void)seen, (void)event, (void)async_id;
  trace_print("heartbeat: still alive");
  async_resource_leave(resource);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("not reached");
}

SCENARIO(after_on_destroyed) {
  resource = make_resource("R");
  trace_hook_make(&hook, "", TRACE_DESTROY);
  hook.on = on_destroy;
  trace_hook_enable(&hook);
  MUST(async_resource_emit_destroy(resource));
  set_immediate(on_immediate);
}
