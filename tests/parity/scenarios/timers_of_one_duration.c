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

/* Both are due when the loop begins. */
static void wait_until_due(void) {
  uint64_t begun_ns = uv_hrtime();
  while (uv_hrtime() - begun_ns < 40 * UINT64_C(1000000))
    continue;
}

SCENARIO(timers_of_one_duration) {
  trace_start();
  set_timeout(first, 20);
  set_timeout(second, 20);
  wait_until_due();
}
