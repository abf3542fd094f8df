#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static void on_uncaught(const char *message, void *data) {
  char text[64];
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", message);
  trace_where(text);
}

static void fail(async_timeout_t *timer) {
  (void)timer;
  async_fail("failure");
}

SCENARIO(uncaught_makes_an_immediate) {
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  trace_start();
  set_timeout(fail, 1);
}
