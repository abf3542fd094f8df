#include "scenario.h"

static async_timeout_t *second, *third;

static void refresh(void *arg) {
  (void)arg;
  MUST(async_timeout_refresh(second)); /* it has been chosen: it fires now */
  MUST(async_timeout_refresh(third));
}

static void on_first(async_timeout_t *timer) {
  (void)timer;
  trace_where("first");
  next_tick(refresh, NULL);
}

static void on_second(async_timeout_t *timer) {
  (void)timer;
  trace_where("second");
}

static void on_third(async_timeout_t *timer) {
  (void)timer;
  trace_where("third");
}

SCENARIO(timers_refreshed_between) {
  trace_start();
  set_timeout(on_first, 1);
  second = set_timeout(on_second, 1);
  third = set_timeout(on_third, 1);
  be_busy(4);
}
