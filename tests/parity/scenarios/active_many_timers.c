#include "scenario.h"

static void nothing(async_timeout_t *timer) {
  (void)timer;
}

static void last(async_timeout_t *timer) {
  (void)timer;
  show_active("the last");
}

SCENARIO(active_many_timers) {
  for (int i = 0; i < 100; i++) {
    set_timeout(nothing, 5);
  }
  show_active("a hundred");
  set_timeout(last, 400);
}
