#include "scenario.h"

static void fired(async_uv_timer_t *timer) {
  static int count;
  trace_where("fired");
  if (++count == 2) {
    clear_timeout(timer);
  } else {
    MUST(async_uv_timer_again(timer));
  }
}

SCENARIO(interval_refreshed) {
  trace_start();
  MUST(async_uv_timer_again(set_interval(fired, 20)));
}
