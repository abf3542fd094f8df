#include "scenario.h"

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  next_tick(on_tick, NULL);
}

SCENARIO(immediate_with_tick) {
  trace_start();
  set_immediate(on_immediate);
}
