#include "promise.h"
#include "scenario.h"

static void *after_await(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_where("after await");
  async_promise_resolve(arg, NULL);
  return NULL;
}

SCENARIO(await_in_function) {
  trace_start_promises();
  async_promise_t *function = promise_make();
  promise_await(function, "0", after_await);
  promise_then(function, promise_say, "main is done");
}
