#include "scenario.h"

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick of the first");
}

static void first(async_uv_timer_t *timer) {
  (void)timer;
  next_tick(on_tick, NULL);
  trace_where("first");
}

static void second(async_uv_timer_t *timer) {
  (void)timer;
  trace_where("second");
}

SCENARIO(timers_of_one_duration) {
  trace_start();
  set_timeout(first, 20);
  set_timeout(second, 20);
}
