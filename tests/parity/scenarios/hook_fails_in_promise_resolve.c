#include "asyncscope/async_fail.h"
#include "promise.h"
#include "scenario.h"
#include <stdlib.h>

static void on_promise_resolve(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_fail("test_promise_resolve_callback");
}

static void on_exit_(void) {
  trace_where("exit");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("callback");
  promise_resolved(NULL);
  trace_print("not reached");
}

SCENARIO(hook_fails_in_promise_resolve) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.promise_resolve = on_promise_resolve};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  atexit(on_exit_);
  set_immediate(on_immediate);
}
