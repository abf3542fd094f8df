#include "scenario.h"

SCENARIO(improper_unwind) {
  async_resource_t *first = make_triggered("R", 1);
  async_resource_t *second = make_triggered("R", 1);
  MUST(async_resource_enter(first));
  MUST(async_resource_enter(second));
  async_resource_leave(second);
  async_resource_leave(first);
  trace_where("proper");
  MUST(async_resource_enter(first));
  MUST(async_resource_enter(second));
  trace_where("heartbeat: still alive");
  async_resource_leave(first);
  trace_print("not reached");
}
