#include "promise.h"
#include "scenario.h"

SCENARIO(promise_resolved_with_promise) {
  trace_start_promises();
  async_promise_t *other = promise_resolved("value");
  async_promise_t *promise = promise_make();
  MUST(async_promise_resolve_with(promise, other));
  promise_then(promise, promise_say, "then");
}
