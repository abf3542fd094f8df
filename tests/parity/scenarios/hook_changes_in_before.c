#include "scenario.h"

static trace_hook_t d, e, f;

static void on_d(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)hook, (void)async_id;
  if (event == TRACE_BEFORE) {
    trace_hook_disable(&e);
    trace_hook_enable(&f);
  }
}

static void callback(void *arg) {
  (void)arg;
  trace_print("callback");
}

SCENARIO(hook_changes_in_before) {
  trace_hook_make(&d, "d", TRACE_BEFORE | TRACE_AFTER);
  trace_hook_make(&e, "e", TRACE_BEFORE | TRACE_AFTER);
  trace_hook_make(&f, "f", TRACE_BEFORE | TRACE_AFTER);
  d.on = on_d;
  trace_hook_enable(&d);
  trace_hook_enable(&e);
  async_resource_t *resource = make_resource("R");
  run_in(resource, callback, NULL);
  run_in(resource, callback, NULL);
}
