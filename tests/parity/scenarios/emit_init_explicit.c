#include "scenario.h"

static async_resource_t given, defaulted;

static void finish(void *resource) {
  async_resource_finish(resource);
}

SCENARIO(emit_init_explicit) {
  async_id_t async_id = async_resource_reserve_id();
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER,
      .trigger_async_id = 5432,
      .async_id = &async_id,
  };
  trace_start();
  MUST(async_resource_init(&given, "explicit", &options));
  scenario_at_end(finish, &given);
  async_id = async_resource_reserve_id();
  options.flags = 0;
  MUST(async_resource_init(&defaulted, "defaulted", &options));
  scenario_at_end(finish, &defaulted);
}
