#include "asyncscope/async_timers_promises.h"
#include "promise.h"
#include <stdio.h>

static void *on_value(async_promise_t *derived, void *value, void *arg) {
  char text[64];
  (void)derived, (void)arg;
  snprintf(text, sizeof(text), "then %s", (const char *)value);
  trace_where(text);
  return NULL;
}

SCENARIO(timers_promises_immediate) {
  static char value[] = "value";
  async_promise_t *promise;
  trace_start_but_destroy();
  MUST(async_immediate_promise(value, &promise));
  promise_then(promise_keep(promise), on_value, NULL);
  trace_where("asked");
}
