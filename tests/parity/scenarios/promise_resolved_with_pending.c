#include "promise.h"
#include "scenario.h"

static async_promise_t *inner, *outer;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("settling");
  async_promise_resolve(inner, NULL);
  trace_print("settled");
}

SCENARIO(promise_resolved_with_pending) {
  static char late[] = "too late";
  trace_start_promises();
  inner = promise_make();
  outer = promise_make();
  promise_then(outer, promise_say, "outer");
  MUST(async_promise_resolve_with(outer, inner));
  async_promise_resolve(outer, late);
  promise_then(inner, promise_say, "inner");
  set_immediate(on_immediate);
}
