#include "scenario.h"

static void never(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("never");
}

static void show(const async_immediate_t *immediate) {
  trace_print("ref %s", async_immediate_has_ref(immediate) ? "true" : "false");
}

SCENARIO(immediate_unref) {
  trace_start();
  async_immediate_t *unref = set_immediate(never);
  async_immediate_unref(unref);
  show(unref);
  async_immediate_ref(unref);
  show(unref);
  async_immediate_stop(unref);
}
