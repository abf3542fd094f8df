#include "promise.h"
#include "scenario.h"

static trace_hook_t hook;

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
  next_tick(on_tick, NULL);
  return NULL;
}

SCENARIO(promise_enable_during) {
  promise_then(promise_resolved(NULL), on_then, NULL);
}
