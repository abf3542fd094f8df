#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
}

static int in_inner(void *arg) {
  (void)arg;
  async_fail("inside");
  return 0;
}

static int in_outer(void *arg) {
  (void)arg;
  return async_resource_run_in_async_scope(make_resource("inner"), in_inner,
                                           NULL);
}

static void first(async_immediate_t *immediate) {
  (void)immediate;
  async_resource_run_in_async_scope(make_resource("outer"), in_outer, NULL);
}

static void next(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("next");
}

SCENARIO(failure_through_nested_scopes) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_immediate(first);
  set_immediate(next);
}
