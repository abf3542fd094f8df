#include "scenario.h"

static void on_interval(async_timeout_t *timer) {
  trace_where("interval");
  clear_timeout(timer);
  MUST(async_timeout_refresh(timer));
}

SCENARIO(interval_refreshed_after_clear) {
  trace_start_only(" Timeout ");
  set_interval(on_interval, 1);
}
