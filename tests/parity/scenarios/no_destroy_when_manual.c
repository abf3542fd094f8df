#include "scenario.h"

static async_resource_t resource;

static void collected(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("collected");
}

static void release(async_immediate_t *immediate) {
  (void)immediate;
  async_resource_finish(&resource);
  set_immediate(collected);
}

SCENARIO(no_destroy_when_manual) {
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY};
  trace_start();
  MUST(async_resource_init(&resource, "R", &options));
  set_immediate(release);
}
