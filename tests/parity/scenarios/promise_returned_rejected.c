#include "asyncscope/async_fail.h"
#include "promise.h"
#include "scenario.h"

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)data;
  trace_print("unhandled %s", (const char *)reason);
}

static void *reject(async_promise_t *derived, void *value, void *arg) {
  static char reason[] = "inner";
  async_promise_t *inner;
  (void)value, (void)arg;
  int error = async_promise_create(&inner);
  if (error == 0)
    async_promise_reject(inner, reason);
  return async_promise_follow(derived, error, inner);
}

static void *on_caught(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  trace_where(reason);
  return NULL;
}

static void fail(async_promise_t *derived, void *arg) {
  (void)derived, (void)arg;
  async_fail("in finally");
}

SCENARIO(promise_returned_rejected) {
  async_promise_t *last;
  trace_start_promises();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  async_promise_t *then = promise_then(promise_resolved(NULL), reject, NULL);
  async_promise_t *caught = promise_catch(then, on_caught, NULL);
  MUST(async_promise_finally(caught, fail, NULL, &last));
  promise_keep(last);
}
