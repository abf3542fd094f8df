#include "scenario.h"

static async_resource_t *outer, *inner;

static void say(void *text) {
  trace_where(text);
}

static void in_inner(void *arg) {
  (void)arg;
  MUST(async_resource_emit_destroy(inner));
  trace_where("inner");
  run_in(outer, say, (void *)(uintptr_t) "outer again");
}

static void in_outer(void *arg) {
  (void)arg;
  trace_where("outer");
  MUST(async_resource_emit_destroy(outer));
  inner = make_resource("INNER");
  run_in(inner, in_inner, NULL);
}

SCENARIO(destroy_inside_own_scope) {
  trace_start();
  outer = make_resource("OUTER");
  run_in(outer, in_outer, NULL);
  run_in(outer, say, (void *)(uintptr_t) "outer after destroy");
}
