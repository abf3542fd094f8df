#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static void on_finally(async_promise_t *derived, void *arg) {
  (void)derived, (void)arg;
  trace_where("finally");
}

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  char text[32];
  (void)derived, (void)arg;
  snprintf(text, sizeof(text), "then %s", (const char *)value);
  trace_where(text);
  return NULL;
}

SCENARIO(promise_finally) {
  async_promise_t *derived;
  MUST(async_promise_finally(promise_resolved("value"), on_finally, NULL,
                             &derived));
  promise_then(derived, on_then, NULL);
  async_promise_release(derived);
}
