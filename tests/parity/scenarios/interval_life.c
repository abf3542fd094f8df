#include "scenario.h"

static void again(async_timeout_t *timer) {
  static int count;
  trace_where("again");
  if (++count == 3) {
    clear_timeout(timer);
  }
}

SCENARIO(interval_life) {
  trace_start();
  set_interval(again, 1);
}
