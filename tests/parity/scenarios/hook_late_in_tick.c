#include "scenario.h"

static void on_tick(void *arg) {
  (void)arg;
  trace_start();
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  next_tick(on_tick, NULL);
}

SCENARIO(hook_late_in_tick) {
  set_immediate(on_immediate);
}
