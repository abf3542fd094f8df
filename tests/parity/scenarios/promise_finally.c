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
  static const char *const texts[] = {"one", "two", "three", "four", "five"};
  async_promise_t *derived;
  trace_start_promises();
  async_promise_t *promise = promise_resolved("value");
  MUST(async_promise_finally(promise, on_finally, NULL, &derived));
  promise_then(promise_keep(derived), on_then, NULL);
  async_promise_t *beside = promise;
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    beside = promise_then(beside, promise_say, texts[i]);
}
