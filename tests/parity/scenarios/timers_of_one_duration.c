#include "scenario.h"

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick of the first");
}

static void first(async_timeout_t *timer) {
  (void)timer;
  next_tick(on_tick, NULL);
  trace_where("first");
}

static void second(async_timeout_t *timer) {
  (void)timer;
  trace_where("second");
}

/* Both are due when the loop begins. */
SCENARIO(timers_of_one_duration) {
  trace_start();
  set_timeout(first, 20);
  set_timeout(second, 20);
  be_busy(40);
}
