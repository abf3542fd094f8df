#include "scenario.h"
#include <stdio.h>

static int called(void *arg) {
  char text[64];
  snprintf(text, sizeof(text), "called with %s", (const char *)arg);
  trace_where(text);
  return 0;
}

static void finish(void *bound) {
  async_bound_finish(bound);
}

SCENARIO(bind_static) {
  static async_bound_t bound;
  static char one[] = "one", two[] = "two";
  trace_start();
  MUST(async_bind(called, NULL, &bound));
  scenario_at_end(finish, &bound);
  MUST(async_bound_call(&bound, one));
  MUST(async_bound_call(&bound, two));
}
