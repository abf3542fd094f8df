#include "scenario.h"

static async_resource_t *top;

static const char *answer(bool yes) {
  return yes ? "true" : "false";
}

static void in_scope(void *arg) {
  (void)arg;
  bool other = async_hooks_execution_async_resource() != top;
  trace_print("another %s", answer(other));
}

SCENARIO(execution_resource_of_top_level) {
  static char kept[] = "kept";
  top = async_hooks_execution_async_resource();
  trace_print("there %s", answer(top != NULL));
  trace_print("the same %s",
              answer(top == async_hooks_execution_async_resource()));
  top->data = kept;
  run_in(make_resource("R"), in_scope, NULL);
  trace_print("state %s",
              (const char *)async_hooks_execution_async_resource()->data);
}
