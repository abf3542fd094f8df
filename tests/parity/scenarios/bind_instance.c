#include "scenario.h"
#include <inttypes.h>

static int called(void *arg) {
  (void)arg;
  trace_where("called");
  return 0;
}

static void finish(void *bound) {
  async_bound_finish(bound);
}

SCENARIO(bind_instance) {
  static async_bound_t bound;
  trace_start();
  async_resource_t *resource = make_resource("R");
  MUST(async_resource_bind(resource, called, &bound));
  scenario_at_end(finish, &bound);
  MUST(async_bound_call(&bound, NULL));
  MUST(async_bound_call(&bound, NULL));
  trace_print("resource #%" PRId64, async_resource_async_id(resource));
}
