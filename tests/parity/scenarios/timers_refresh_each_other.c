#include "scenario.h"

static async_timeout_t *a;

static void on_a(async_timeout_t *timer) {
  (void)timer;
  trace_print("a");
}

static void on_b(async_timeout_t *timer) {
  static int rounds;
  trace_print("b %d", ++rounds);
  MUST(async_timeout_refresh(a));
  if (rounds < 3)
    MUST(async_timeout_refresh(timer));
}

SCENARIO(timers_refresh_each_other) {
  trace_start_only(" Timeout ");
  a = set_timeout(on_a, 60);
  set_timeout(on_b, 20);
}
