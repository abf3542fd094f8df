#include "scenario.h"

static void on_second(async_timeout_t *timer) {
  trace_where("second");
  clear_timeout(timer);
}

static void on_first(async_timeout_t *timer) {
  clear_timeout(timer);
  set_interval(on_second, 20);
}

SCENARIO(interval_chain) {
  trace_start();
  set_interval(on_first, 20);
}
