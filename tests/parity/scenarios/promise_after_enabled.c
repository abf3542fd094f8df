#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("then");
  return NULL;
}

SCENARIO(promise_after_enabled) {
  promise_then(promise_resolved(NULL), on_then, NULL);
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
}
