#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
}

static void fails(void *arg) {
  (void)arg;
  async_fail("from the microtask");
}

static void next(void *arg) {
  (void)arg;
  trace_where("next");
}

SCENARIO(uncaught_in_microtask) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  queue_microtask(fails, NULL);
  queue_microtask(next, NULL);
}
