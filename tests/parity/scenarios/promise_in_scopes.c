#include "promise.h"

static async_promise_t *promise, *derived, *inside;
static async_resource_t *asks;

static void make(void *arg) {
  (void)arg;
  promise = promise_make();
}

static void in_scope(void *arg) {
  (void)arg;
  trace_where("scope in then");
  inside = promise_resolved(NULL);
}

static void *on_then(async_promise_t *waiting, void *value, void *arg) {
  (void)value, (void)arg;
  trace_where("then");
  run_in(asks, in_scope, NULL);
  return async_promise_follow(waiting, 0, async_promise_retain(inside));
}

static void ask(void *arg) {
  (void)arg;
  derived = promise_then(promise, on_then, NULL);
}

static void on_finally(async_promise_t *waiting, void *arg) {
  (void)waiting, (void)arg;
  trace_where("finally");
}

static void settle(void *arg) {
  async_promise_t *last;
  (void)arg;
  MUST(async_promise_resolve(promise, NULL));
  MUST(async_promise_finally(derived, on_finally, NULL, &last));
  promise_keep(last);
}

SCENARIO(promise_in_scopes) {
  trace_start_but_destroy();
  async_resource_t *makes = make_resource("MAKES");
  asks = make_resource("ASKS");
  async_resource_t *settles = make_resource("SETTLES");
  run_in(makes, make, NULL);
  run_in(asks, ask, NULL);
  run_in(settles, settle, NULL);
}
