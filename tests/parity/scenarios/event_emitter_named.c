#include "asyncscope/async_event_emitter.h"
#include "scenario.h"

static async_event_emitter_t named;

static void finish(void *emitter) {
  async_event_emitter_finish(emitter);
}

SCENARIO(event_emitter_named) {
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER,
      .trigger_async_id = 123,
  };
  trace_start();
  MUST(async_event_emitter_init_async_resource(&named, "named", &options));
  scenario_at_end(finish, &named);
}
