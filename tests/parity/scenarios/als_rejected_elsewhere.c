#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_promise_t *promise;

static void on_unhandled(async_promise_t *rejected, void *reason, void *data) {
  char text[48];
  (void)rejected, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  trace_store(text, storage);
}

static void call_then(void *arg) {
  (void)arg;
  promise_then(promise, NULL, NULL);
}

static void make(void *arg) {
  (void)arg;
  promise = promise_make();
  run_with(storage, "where then was called", call_then, NULL);
}

static void reject(void *arg) {
  async_promise_reject(promise, arg);
}

SCENARIO(als_rejected_elsewhere) {
  static char reason[] = "reason";
  storage = make_storage();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  run_with(storage, "where it was made", make, NULL);
  run_with(storage, "where it was rejected", reject, reason);
}
