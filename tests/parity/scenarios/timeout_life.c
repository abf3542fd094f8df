#include "scenario.h"

static void never(async_timeout_t *timer) {
  (void)timer;
  trace_print("never");
}

static void first(async_timeout_t *timer) {
  (void)timer;
  trace_where("first");
  async_timeout_unref(set_timeout(never, 5000));
  clear_timeout(set_timeout(never, 1));
}

SCENARIO(timeout_life) {
  trace_start();
  set_timeout(first, 1);
}
