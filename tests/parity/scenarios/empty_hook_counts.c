#include "scenario.h"
#include <inttypes.h>

static async_id_t a;

static void on_microtask(void *arg) {
  (void)arg;
  async_id_t b = async_resource_async_id(make_resource("B"));
  trace_print("ids taken in between: %" PRId64, b - a - 1);
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(empty_hook_counts) {
  static async_hook_t hook;
  async_hook_callbacks_t none = {0};
  async_hook_init(&hook, &none, NULL);
  bool enabled = async_hook_enable(&hook) == 0;
  scenario_at_end(disable, &hook);
  trace_print("enable returns the hook %s", enabled ? "true" : "false");
  a = async_resource_async_id(make_resource("A"));
  queue_microtask(on_microtask, NULL);
}
