#include "promise.h"
#include "scenario.h"

static trace_hook_t first, second;
static async_promise_t *promise;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_hook_make(&second, "second", TRACE_ALL);
  second.only = " PROMISE ";
  trace_hook_enable(&second);
  promise_then(promise, promise_say, "then");
}

SCENARIO(promise_hook_switched) {
  trace_hook_make(&first, "first", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  first.only = " PROMISE ";
  trace_hook_enable(&first);
  promise = promise_resolved(NULL);
  set_immediate(on_immediate);
}
