#include "scenario.h"

static void clear(void *interval) {
  clear_timeout(interval);
}

static void on_call(async_timeout_t *interval) {
  static int calls;
  trace_print("call");
  if (++calls == 2)
    next_tick(clear, interval);
}

SCENARIO(interval_cleared_in_tick) {
  trace_start_only(" Timeout TickObject ");
  set_interval(on_call, 1);
}
