#include "promise.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_promise_t *promise;

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_store("then", storage);
  return NULL;
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  async_promise_resolve(promise, NULL);
}

static void creator(void *arg) {
  (void)arg;
  promise = promise_make();
  set_timeout(on_timeout, 1);
}

static void caller(void *arg) {
  (void)arg;
  promise_then(promise, on_then, NULL);
}

SCENARIO(als_then_is_where_then_was_called) {
  storage = make_storage();
  run_with(storage, "creator", creator, NULL);
  run_with(storage, "caller of then", caller, NULL);
}
