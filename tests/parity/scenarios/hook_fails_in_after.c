#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_fail("test_after_callback");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("callback");
}

SCENARIO(hook_fails_in_after) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.after = on_after};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  set_immediate(on_immediate);
}
