#include "scenario.h"

/* What was not entered is not left. */
SCENARIO(calls_without_an_id) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = ASYNC_ID_UNSET};
  async_resource_t none = {.data = NULL};
  trace_start();
  trace_refused("init", async_resource_init(&none, NULL, &options));
  trace_refused("before", async_resource_enter(&none));
  trace_where("inside");
  trace_refused("destroy", async_resource_emit_destroy(&none));
  trace_where("outside");
  async_resource_finish(&none);
}
