#include "scenario.h"

static async_resource_t unset, none;

static int init(async_resource_t *resource, const char *type,
                async_id_t trigger_async_id) {
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER,
      .trigger_async_id = trigger_async_id,
  };
  return async_resource_init(resource, type, &options);
}

static void finish(void *resource) {
  async_resource_finish(resource);
}

SCENARIO(resource_type_must_be_given) {
  async_resource_t refused;
  trace_start();
  trace_refused("no type", init(&refused, NULL, 1));
  trace_refused("empty type under an init hook", init(&refused, "", 1));
  trace_refused("trigger -4", init(&refused, "R", -4));
  trace_refused("trigger 2**53", init(&refused, "R", INT64_C(1) << 53));
  trace_refused("trigger -1", init(&unset, "R", -1));
  trace_refused("trigger 0", init(&none, "R", 0));
  scenario_at_end(finish, &unset);
  scenario_at_end(finish, &none);
}
