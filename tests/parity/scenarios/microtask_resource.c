#include "scenario.h"

static void nested(void *arg) {
  (void)arg;
  trace_where("nested");
}

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

static void on_microtask(void *arg) {
  (void)arg;
  trace_where("microtask");
  queue_microtask(nested, NULL);
  next_tick(on_tick, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(microtask_resource) {
  trace_start();
  queue_microtask(on_microtask, NULL);
  set_immediate(on_immediate);
}
