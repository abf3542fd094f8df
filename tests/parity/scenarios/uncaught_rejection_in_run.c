#include "asyncscope/async_fail.h"
#include "promise.h"

static async_local_storage_t *storage;

static void on_immediate(async_immediate_t *immediate) {
  trace_store(immediate->resource.data, storage);
}

static void later(const char *text) {
  set_immediate(on_immediate)->resource.data = (void *)(uintptr_t)text;
}

static void on_uncaught(const char *message, void *data) {
  (void)message, (void)data;
  trace_where("uncaught");
  trace_store("uncaught", storage);
  enter_with(storage, "entered in the handler");
  later("immediate of the handler");
}

static void reject(void *arg) {
  (void)arg;
  promise_rejected("first");
}

static void *fails(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  async_fail("second");
  return NULL;
}

static void reject_later(void *arg) {
  (void)arg;
  promise_then(promise_resolved(NULL), fails, NULL);
}

SCENARIO(uncaught_rejection_in_run) {
  storage = make_storage();
  trace_start_promises();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  run_with(storage, "run", reject, NULL);
  run_with(storage, "other", reject_later, NULL);
  later("immediate");
}
