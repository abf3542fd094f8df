#include "scenario.h"

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)trigger_async_id, (void)resource, (void)data;
  trace_print("first init %s", type);
}

static void not_reached(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  trace_print("not reached");
}

static void callback(void *arg) {
  (void)arg;
  trace_print("callback");
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(hook_callbacks_are_copied) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_init(&hook, &callbacks, NULL);
  callbacks.init = NULL;
  callbacks.before = not_reached;
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  run_in(make_resource("R"), callback, NULL);
}
