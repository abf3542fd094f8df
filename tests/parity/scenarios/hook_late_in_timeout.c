#include "scenario.h"

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_start();
}

SCENARIO(hook_late_in_timeout) {
  set_timeout(on_timeout, 1);
}
