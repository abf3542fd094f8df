#include "scenario.h"

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)data;
  resource->data = async_hooks_execution_async_resource()->data;
}

static int timers;

static void on_timeout(async_timeout_t *timer) {
  static const char *const names[] = {"a", "b", "c"};
  (void)timer;
  trace_print("%s sees %s", names[timers++],
              (const char *)async_hooks_execution_async_resource()->data);
}

static void on_immediate(async_immediate_t *immediate) {
  static char a[] = "a", b[] = "b", c[] = "c";
  static char *const names[] = {a, b, c};
  static int immediates;
  (void)immediate;
  async_hooks_execution_async_resource()->data = names[immediates++];
  set_timeout(on_timeout, 20);
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(state_copied_in_init) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  for (int i = 0; i < 3; i++) {
    set_immediate(on_immediate);
  }
}
