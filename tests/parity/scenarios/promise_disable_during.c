#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

static void *not_seen(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("not seen");
  return NULL;
}

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("disable");
  trace_hook_disable(&hook);
  promise_then(promise_resolved("42"), not_seen, NULL);
  return NULL;
}

SCENARIO(promise_disable_during) {
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  hook.only = " PROMISE ";
  trace_hook_enable(&hook);
  promise_then(promise_resolved("1"), on_then, NULL);
}
