#include "scenario.h"

SCENARIO(improper_order) {
  async_resource_t *resource = make_resource("R");
  trace_print("heartbeat: still alive");
  async_resource_leave(resource);
  trace_print("not reached");
}
