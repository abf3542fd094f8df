#include "scenario.h"

static void say(void *arg) {
  trace_where(arg);
}

SCENARIO(resource_destroyed_twice) {
  static char text[] = "still runs";
  trace_start();
  async_resource_t *resource = make_resource("R");
  trace_refused("first", async_resource_emit_destroy(resource));
  trace_refused("second", async_resource_emit_destroy(resource));
  run_in(resource, say, text);
}
