#include "promise.h"
#include "scenario.h"

static async_promise_t *promise;

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_print("resolve");
  async_promise_resolve(promise, NULL);
}

SCENARIO(promise_pending_then) {
  trace_start_promises();
  promise = promise_make();
  set_timeout(on_timeout, 1);
  promise_then(promise_then(promise, promise_say, "first"), promise_say,
               "second");
  promise_then(promise, promise_say, "third");
}
