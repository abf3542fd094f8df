#include "promise.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_promise_t *main_function, *inner_function;

static void *in_exit(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_store("in exit", storage);
  async_promise_resolve(arg, NULL);
  return NULL;
}

static int exits(void *arg) {
  (void)arg;
  promise_await(promise_make(), "0", in_exit);
  return 0;
}

static void *in_caller(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_store("in the caller", storage);
  MUST(async_local_storage_exit(storage, exits, NULL));
  return NULL;
}

static void *after_await(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_store("after await", storage);
  async_promise_resolve(arg, NULL);
  return NULL;
}

static void inside(void *arg) {
  (void)arg;
  trace_store("before await", storage);
  inner_function = promise_make();
  promise_await(inner_function, "0", after_await);
}

SCENARIO(als_await) {
  storage = make_storage();
  main_function = promise_make();
  run_with(storage, "run", inside, NULL);
  promise_then(inner_function, in_caller, NULL);
  trace_store("outside", storage);
}
