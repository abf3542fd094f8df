#include "scenario.h"

static void nested(void *arg) {
  (void)arg;
  trace_where("nested");
}

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
  next_tick(nested, NULL);
  next_tick(nested, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(tick_default_trigger) {
  trace_start();
  next_tick(on_tick, NULL);
  set_immediate(on_immediate);
}
