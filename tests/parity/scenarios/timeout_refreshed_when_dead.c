#include "scenario.h"

static async_timeout_t *timeout;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("refresh");
  MUST(async_timeout_refresh(timeout));
}

static void fired(async_timeout_t *timer) {
  static int count;
  (void)timer;
  trace_where("fired");
  if (++count < 2)
    set_immediate(on_immediate);
}

SCENARIO(timeout_refreshed_when_dead) {
  trace_start();
  timeout = set_timeout(fired, 20);
}
