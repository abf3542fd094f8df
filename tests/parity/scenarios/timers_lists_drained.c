#include "scenario.h"

static void on_tick(void *name) {
  trace_print("tick of %s", (const char *)name);
}

static void on_timeout(async_timeout_t *timer) {
  next_tick(on_tick, timer->resource.data);
  trace_where(timer->resource.data);
}

static void start(const char *name, uint64_t timeout_ms) {
  set_timeout(on_timeout, timeout_ms)->resource.data = (void *)(uintptr_t)name;
}

/* By the time at which each is due: a, b, e, d, c. */
SCENARIO(timers_lists_drained) {
  trace_start();
  start("a", 20);
  be_busy(10);
  start("b", 16);
  be_busy(10);
  start("c", 20);
  start("d", 16);
  start("e", 12);
  be_busy(60);
}
