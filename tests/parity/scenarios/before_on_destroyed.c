#include "scenario.h"

static async_resource_t *resource;

static void first(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("heartbeat: still alive");
  MUST(async_resource_enter(resource));
  trace_where("entered");
}

static void second(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("not reached");
}

SCENARIO(before_on_destroyed) {
  resource = make_triggered("R", 1);
  MUST(async_resource_emit_destroy(resource));
  set_immediate(first);
  set_immediate(second);
}
