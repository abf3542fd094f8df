#include "asyncscope/async_fail.h"
#include "promise.h"
#include "scenario.h"

static void *throws(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  async_fail("thrown");
  return NULL;
}

static void *on_catch(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  trace_where(value);
  return NULL;
}

SCENARIO(promise_then_throws) {
  trace_start_promises();
  promise_catch(promise_then(promise_resolved(NULL), throws, NULL), on_catch,
                NULL);
}
