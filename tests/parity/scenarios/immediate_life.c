#include "scenario.h"

static void second(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("second");
}

static void first(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("first");
  set_immediate(second);
}

SCENARIO(immediate_life) {
  trace_start();
  set_immediate(first);
}
