#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  char text[32];
  (void)promise, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  trace_store(text, storage);
}

static void in_run(void *arg) {
  (void)arg;
  promise_rejected("reason");
}

SCENARIO(als_unhandled_rejection) {
  storage = make_storage();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  run_with(storage, "where it was rejected", in_run, NULL);
}
