#include "scenario.h"

static trace_hook_t hook;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("nothing was destroyed");
}

SCENARIO(resource_without_hook) {
  trace_hook_make(&hook, "", TRACE_ALL);
  trace_hook_enable(&hook);
  async_resource_t *seen = make_resource("seen");
  trace_hook_disable(&hook);
  MUST(async_resource_emit_destroy(seen));
  async_resource_t *unseen = make_resource("unseen");
  MUST(async_resource_emit_destroy(unseen));
  set_immediate(on_immediate);
}
