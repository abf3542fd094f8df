#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  char text[32];
  (void)promise, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  trace_where(text);
}

SCENARIO(promise_unhandled_rejection) {
  trace_start_promises();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  promise_rejected("reason");
}
