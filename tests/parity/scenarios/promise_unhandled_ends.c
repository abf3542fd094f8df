#include "promise.h"
#include "scenario.h"
#include <stdlib.h>

static void on_exit_event(void) {
  trace_print("exit 1");
}

static void not_reached(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("not reached");
}

SCENARIO(promise_unhandled_ends) {
  promise_rejected("nobody catches this");
  atexit(on_exit_event);
  set_immediate(not_reached);
}
