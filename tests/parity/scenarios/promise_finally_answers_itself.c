#include "promise.h"
#include "scenario.h"

static void on_finally(async_promise_t *derived, void *arg) {
  (void)arg;
  MUST(async_promise_resolve_with(derived, derived));
}

static void *on_rejected(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  trace_print("%s", (const char *)reason);
  return NULL;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(promise_finally_answers_itself) {
  async_promise_t *waiting;
  MUST(async_promise_finally(promise_resolved(NULL), on_finally, NULL,
                             &waiting));
  promise_catch(promise_keep(waiting), on_rejected, NULL);
  set_immediate(on_immediate);
}
