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

SCENARIO(destroy_once_when_released_too) {
  trace_start();
  MUST(async_resource_init(&resource, "R", NULL));
  MUST(async_resource_emit_destroy(&resource));
  set_immediate(release);
}
