#include "scenario.h"

static trace_hook_t first, second;

static void on_first(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)async_id;
  if (event != TRACE_DESTROY)
    return;
  trace_hook_enable(&second);
  trace_hook_disable(hook);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(destroy_hook_disables_hook) {
  static const char *const types[] = {"A", "B", "C"};
  trace_hook_make(&second, "second", TRACE_ALL);
  trace_hook_make(&first, "first", TRACE_ALL);
  first.on = on_first;
  trace_hook_enable(&first);
  for (size_t i = 0; i < 3; i++)
    MUST(async_resource_emit_destroy(make_resource(types[i])));
  set_immediate(on_immediate);
}
