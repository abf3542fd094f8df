#include "promise.h"
#include "scenario.h"

static async_promise_t *promise;

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  trace_print("after");
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

static void on_immediate(async_immediate_t *immediate) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.after = on_after};
  (void)immediate;
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  async_promise_resolve(promise, NULL);
}

SCENARIO(promise_enable_before_resolve) {
  promise = promise_make();
  promise_then(promise, promise_say, "then");
  trace_where("outside");
  set_immediate(on_immediate);
}
