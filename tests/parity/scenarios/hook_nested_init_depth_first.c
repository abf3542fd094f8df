#include "scenario.h"

static void on_h(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  static bool done;
  (void)hook, (void)event, (void)async_id;
  if (!done) {
    done = true;
    make_resource("inner");
  }
}

SCENARIO(hook_nested_init_depth_first) {
  static trace_hook_t h, i;
  trace_hook_make(&h, "h", TRACE_ALL);
  trace_hook_make(&i, "i", TRACE_ALL);
  h.on = on_h;
  trace_hook_enable(&h);
  trace_hook_enable(&i);
  make_resource("outer");
}
