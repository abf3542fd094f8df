#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;
static async_promise_t *other;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_hook_enable(&hook);
  async_promise_resolve(other, NULL);
}

SCENARIO(promise_adopted_before_hooks) {
  async_promise_t *waiting;
  trace_hook_make(&hook, "", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  other = promise_make();
  waiting = promise_make();
  MUST(async_promise_resolve_with(waiting, other));
  promise_then(waiting, promise_say, "then");
  set_immediate(on_immediate);
}
