#include "scenario.h"

static void fired(async_timeout_t *timer) {
  static int count;
  trace_where("fired");
  if (++count == 2) {
    clear_timeout(timer);
  } else {
    MUST(async_timeout_refresh(timer));
  }
}

SCENARIO(interval_refreshed) {
  trace_start();
  MUST(async_timeout_refresh(set_interval(fired, 20)));
}
