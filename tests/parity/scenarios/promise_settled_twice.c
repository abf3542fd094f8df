#include "promise.h"
#include <stdio.h>

static async_promise_t *promise, *other, *adopting;

static void settle(async_promise_t *which,
                   int (*as)(async_promise_t *promise, void *result),
                   const char *result) {
  MUST(as(which, (void *)(uintptr_t)result));
}

static void where(const char *text, const char *value) {
  char line[64];
  snprintf(line, sizeof(line), "%s %s", text, value);
  trace_where(line);
}

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  where("then", value);
  settle(promise, async_promise_resolve, "inside");
  settle(other, async_promise_resolve, "other");
  settle(other, async_promise_reject, "too late");
  return NULL;
}

static void *on_adopted(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  where("adopted", value);
  return NULL;
}

SCENARIO(promise_settled_twice) {
  trace_start_promises();
  promise = promise_make();
  other = promise_make();
  adopting = promise_make();
  MUST(async_promise_resolve_with(adopting, other));
  settle(adopting, async_promise_resolve, "too late");
  settle(adopting, async_promise_reject, "too late");
  promise_then(promise, on_then, NULL);
  promise_then(adopting, on_adopted, NULL);
  settle(promise, async_promise_resolve, "first");
  settle(promise, async_promise_resolve, "second");
  settle(promise, async_promise_reject, "third");
  MUST(async_promise_resolve_with(promise, other));
}
