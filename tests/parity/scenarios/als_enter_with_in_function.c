#include "promise.h"
#include "scenario.h"

static async_local_storage_t *storage;

static void *in_function(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_store("in the function", storage);
  async_promise_resolve(arg, NULL);
  return NULL;
}

static void leaks(void) {
  enter_with(storage, "before await");
  promise_await(promise_make(), "0", in_function);
}

static void *rest(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_store("entered after await", storage);
  leaks();
  trace_store("entered before await", storage);
  return NULL;
}

static void *after_await(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  enter_with(storage, "after await");
  async_promise_resolve(arg, NULL);
  return NULL;
}

SCENARIO(als_enter_with_in_function) {
  storage = make_storage();
  async_promise_t *function = promise_make();
  promise_await(function, "0", after_await);
  promise_then(function, rest, NULL);
}
