#include "scenario.h"

static void on_timeout(async_timeout_t *timer) {
  static int calls;
  trace_where("fired");
  MUST(async_timeout_refresh(timer));
  if (++calls == 3)
    clear_timeout(timer);
}

SCENARIO(timeout_refreshes_itself) {
  trace_start_only(" Timeout ");
  set_timeout(on_timeout, 1);
}
