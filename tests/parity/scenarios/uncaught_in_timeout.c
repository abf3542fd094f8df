#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
}

static void goes_on(async_timeout_t *timer) {
  (void)timer;
  trace_where("goes on");
}

static void fails(async_timeout_t *timer) {
  (void)timer;
  set_timeout(goes_on, 50);
  async_fail("from the timeout");
}

SCENARIO(uncaught_in_timeout) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_timeout(fails, 1);
}
