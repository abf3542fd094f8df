#include "promise.h"
#include "scenario.h"

static async_hook_t hook;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  promise_then(promise_resolved(NULL), promise_say, "disabled");
}

SCENARIO(promise_hook_without_callbacks) {
  static const async_hook_callbacks_t none;
  MUST(async_hook_init(&hook, &none, NULL));
  MUST(async_hook_enable(&hook));
  promise_then(promise_resolved(NULL), promise_say, "enabled");
  async_hook_disable(&hook);
  set_immediate(on_immediate);
}
