#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static void *say(async_promise_t *derived, void *value, void *arg) {
  char text[128];
  (void)derived;
  snprintf(text, sizeof(text), "%s %s", (const char *)arg, (const char *)value);
  trace_where(text);
  return NULL;
}

static void *answer_itself(async_promise_t *derived, void *value, void *arg) {
  (void)value, (void)arg;
  return async_promise_follow(derived, 0, async_promise_retain(derived));
}

SCENARIO(promise_resolved_with_itself) {
  trace_start_promises();
  async_promise_t *promise = promise_make();
  promise_catch(promise, say, "caught");
  MUST(async_promise_resolve_with(promise, promise));
  async_promise_resolve(promise, (void *)(uintptr_t) "too late");
  async_promise_t *derived =
      promise_then(promise_resolved(NULL), answer_itself, NULL);
  promise_catch(derived, say, "derived");
}
