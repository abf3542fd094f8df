#include "promise.h"
#include <stdio.h>

static void *not_called(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("not called");
  return NULL;
}

static void *say(async_promise_t *derived, void *value, void *text) {
  char line[64];
  (void)derived;
  snprintf(line, sizeof(line), "%s %s", (const char *)text,
           value == NULL ? "undefined" : (const char *)value);
  trace_where(line);
  return NULL;
}

static async_promise_t *pass_finally(async_promise_t *promise) {
  async_promise_t *derived;
  MUST(async_promise_finally(promise, NULL, NULL, &derived));
  return promise_keep(derived);
}

SCENARIO(promise_passed_through) {
  trace_start_promises();
  async_promise_t *promise =
      promise_then(promise_resolved("value"), NULL, NULL);
  promise = promise_catch(promise, not_called, NULL);
  promise = pass_finally(promise_catch(promise, not_called, NULL));
  promise_then(promise, say, "then");
  promise = promise_then(promise_rejected("reason"), NULL, NULL);
  promise = pass_finally(promise_then(promise, not_called, NULL));
  promise_then(promise_catch(promise, say, "caught"), say, "then");
}
