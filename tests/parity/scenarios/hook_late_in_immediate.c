#include "scenario.h"

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_start();
}

SCENARIO(hook_late_in_immediate) {
  set_immediate(on_immediate);
}
