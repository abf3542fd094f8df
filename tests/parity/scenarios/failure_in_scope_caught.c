#include "asyncscope/async_fail.h"
#include "scenario.h"

static int on_run(void *arg) {
  (void)arg;
  async_fail("inside");
  return 0;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

SCENARIO(failure_in_scope_caught) {
  char message[ASYNC_FAILURE_BYTES];
  trace_start();
  async_resource_run_in_async_scope(make_resource("R"), on_run, NULL);
  if (async_catch(message)) {
    trace_print("caught %s eid=#%d tid=#%d", message, 1, 0);
  }
  set_immediate(on_immediate);
}
