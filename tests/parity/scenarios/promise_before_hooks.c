#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(promise_before_hooks) {
  async_promise_t *promise = promise_make();
  trace_hook_make(&hook, "", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  trace_hook_enable(&hook);
  promise_then(promise, promise_say, "then");
  async_promise_resolve(promise, NULL);
}
