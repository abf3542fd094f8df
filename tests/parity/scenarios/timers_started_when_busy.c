#include "scenario.h"

static void on_timeout(async_timeout_t *timer) {
  trace_where(timer->resource.data);
}

static void start(const char *name, uint64_t timeout_ms) {
  set_timeout(on_timeout, timeout_ms)->resource.data = (void *)(uintptr_t)name;
}

/* A clock that stands while a callback runs would have the second due first. */
static void two(const char *first, const char *second) {
  start(first, 40);
  be_busy(60);
  start(second, 20);
  be_busy(60);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  two("immediate a", "immediate b");
}

static void on_late(async_timeout_t *timer) {
  (void)timer;
  trace_where("late");
  start("made late", 1);
  be_busy(20);
}

SCENARIO(timers_started_when_busy) {
  trace_start();
  two("top a", "top b");
  set_immediate(on_immediate);
  set_timeout(on_late, 1);
  start("also due", 2);
  be_busy(20);
}
