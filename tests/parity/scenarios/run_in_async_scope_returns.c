#include "scenario.h"

static int on_run(void *arg) {
  trace_print("given %s", (const char *)arg);
  return 1729;
}

SCENARIO(run_in_async_scope_returns) {
  static char argument[] = "argument";
  trace_start();
  async_resource_t *resource = make_resource("R");
  int returned = async_resource_run_in_async_scope(resource, on_run, argument);
  trace_print("returned %d", returned);
}
