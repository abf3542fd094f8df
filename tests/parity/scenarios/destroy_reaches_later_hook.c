#include "scenario.h"

static trace_hook_t early, late;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(destroy_reaches_later_hook) {
  trace_hook_make(&early, "early", TRACE_DESTROY);
  trace_hook_make(&late, "late", TRACE_DESTROY);
  trace_hook_enable(&early);
  MUST(async_resource_emit_destroy(make_resource("R")));
  trace_hook_disable(&early);
  trace_hook_enable(&late);
  set_immediate(on_immediate);
}
