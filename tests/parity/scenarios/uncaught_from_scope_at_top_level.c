#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static void on_uncaught(const char *message, void *data) {
  char text[ASYNC_FAILURE_BYTES + 16];
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", message);
  trace_where(text);
}

static void fails(void *arg) {
  (void)arg;
  async_fail("out of the scope");
}

SCENARIO(uncaught_from_scope_at_top_level) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  run_in(make_resource("OUTER"), fails, NULL);
}
