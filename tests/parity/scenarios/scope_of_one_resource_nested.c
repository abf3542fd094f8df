#include "scenario.h"

static async_resource_t *a, *b;

static void say(void *text) {
  trace_where(text);
}

static void make_b(void *arg) {
  (void)arg;
  b = make_resource("B");
}

static void inside(void *arg) {
  (void)arg;
  trace_where("inside");
  run_in(make_resource("C"), say, (void *)(uintptr_t) "c");
}

static void in_b(void *arg) {
  run_in(a, inside, arg);
}

static void in_a(void *arg) {
  run_in(b, in_b, arg);
}

SCENARIO(scope_of_one_resource_nested) {
  trace_start();
  a = make_resource("A");
  run_in(a, make_b, NULL);
  run_in(a, in_a, NULL);
  trace_where("end");
}
