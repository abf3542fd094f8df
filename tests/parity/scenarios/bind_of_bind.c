#include "scenario.h"

static async_bound_t bound, twice, by_second, inside;

static int called(void *arg) {
  (void)arg;
  trace_where("called");
  return 0;
}

static int call(void *next) {
  return async_bound_call(next, NULL);
}

static int call_bound(void *arg) {
  (void)arg;
  return call(&bound);
}

static int call_twice(void *arg) {
  (void)arg;
  return call(&twice);
}

static void bind_inside(void *arg) {
  (void)arg;
  MUST(async_bind(call_twice, "INSIDE", &inside));
}

static void finish(void *ended) {
  async_bound_finish(ended);
}

SCENARIO(bind_of_bind) {
  trace_start();
  MUST(async_resource_bind(make_resource("FIRST"), called, &bound));
  MUST(async_bind(call_bound, "OUTER", &twice));
  MUST(call(&twice));
  async_resource_t *second = make_resource("SECOND");
  MUST(async_resource_bind(second, call_twice, &by_second));
  MUST(call(&by_second));
  run_in(second, bind_inside, NULL);
  MUST(call(&inside));
  trace_where("end");
  scenario_at_end(finish, &twice);
  scenario_at_end(finish, &inside);
}
