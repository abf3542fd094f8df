#include "promise.h"
#include "scenario.h"
#include <inttypes.h>

static trace_hook_t hook;

static void *on_parent(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("parent eid=#%" PRId64, async_hooks_execution_async_id());
  return NULL;
}

SCENARIO(promise_id_as_parent) {
  async_promise_t *parent =
      promise_then(promise_resolved(NULL), on_parent, NULL);
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
  promise_then(parent, promise_say, "child");
}
