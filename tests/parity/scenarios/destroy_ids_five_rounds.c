#include "scenario.h"

static trace_hook_t hook;

static void start_round(int n);

static void on_immediate(async_immediate_t *immediate) {
  start_round(*(const int *)immediate->resource.data);
}

static void start_round(int n) {
  int *left = scenario_alloc(sizeof(*left));
  async_resource_t *resource;
  if (n == 0) {
    return;
  }
  resource = make_resource("R");
  MUST(async_resource_emit_destroy(resource));
  trace_print("round %d", n);
  *left = n - 1;
  set_immediate(on_immediate)->resource.data = left;
}

SCENARIO(destroy_ids_five_rounds) {
  trace_hook_make(&hook, "", TRACE_DESTROY);
  trace_hook_enable(&hook);
  start_round(5);
}
