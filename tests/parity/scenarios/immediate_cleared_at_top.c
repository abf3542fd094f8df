#include "scenario.h"

static void never(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("never");
}

SCENARIO(immediate_cleared_at_top) {
  trace_start();
  async_immediate_stop(set_immediate(never));
}
