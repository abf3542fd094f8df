#include "scenario.h"

static trace_hook_t hook;
static async_resource_t resource;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  MUST(async_callback_scope_open(&resource));
  trace_where("inside");
  async_callback_scope_close(&resource);
}

static void finish(void *arg) {
  async_resource_finish(arg);
}

SCENARIO(callback_scope_of_made_up_ids) {
  async_id_t async_id = 1000;
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER,
      .trigger_async_id = 1000,
      .async_id = &async_id,
  };
  MUST(async_resource_init(&resource, "R", &options));
  scenario_at_end(finish, &resource);
  trace_hook_make(&hook, "", TRACE_BEFORE | TRACE_AFTER);
  trace_hook_enable(&hook);
  set_immediate(on_immediate);
}
