#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
}

static void again(async_timeout_t *timer) {
  static int count;
  if (++count == 2) {
    clear_timeout(timer);
    return;
  }
  async_fail("the first fails");
}

SCENARIO(interval_fails_once) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_interval(again, 1);
}
