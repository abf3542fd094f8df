#include "promise.h"
#include "scenario.h"

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_where("then");
  promise_make();
  return NULL;
}

SCENARIO(promise_then) {
  trace_start_promises();
  promise_then(promise_resolved(NULL), on_then, NULL);
}
