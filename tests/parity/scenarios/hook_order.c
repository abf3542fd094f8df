#include "scenario.h"

static void callback(void *arg) {
  (void)arg;
  trace_print("callback");
}

SCENARIO(hook_order) {
  static trace_hook_t a, b, c;
  trace_hook_make(&a, "a", TRACE_ALL);
  trace_hook_make(&b, "b", TRACE_ALL);
  trace_hook_make(&c, "c", TRACE_ALL);
  trace_hook_enable(&b);
  trace_hook_enable(&a);
  trace_hook_enable(&c);
  async_resource_t *resource = make_resource("R");
  run_in(resource, callback, NULL);
  trace_hook_disable(&b);
  trace_hook_enable(&b);
  trace_print("b is the last now");
  run_in(resource, callback, NULL);
}
