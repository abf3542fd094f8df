#include "scenario.h"

static void never(async_uv_timer_t *timer) {
  (void)timer;
  trace_print("never");
}

static void first(async_uv_timer_t *timer) {
  (void)timer;
  trace_where("first");
  async_uv_unref((async_uv_handle_t *)set_timeout(never, 5000));
  clear_timeout(set_timeout(never, 1));
}

SCENARIO(timeout_life) {
  trace_start();
  set_timeout(first, 1);
}
