#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

SCENARIO(promise_chain_before_hooks) {
  async_promise_t *promise = promise_make();
  promise_then(promise_then(promise, promise_say, "first"), promise_say,
               "second");
  trace_hook_make(&hook, "", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  trace_hook_enable(&hook);
  async_promise_resolve(promise, NULL);
}
