#include "promise.h"
#include "scenario.h"

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  trace_print("after");
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(promise_tracked_without_init) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.after = on_after};
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  promise_then(promise_resolved(NULL), promise_say, "then");
}
