#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdlib.h>

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_fail("test_destroy_callback");
}

static void on_exit_event(void) {
  trace_where("exit");
}

static void not_reached(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("not reached");
}

SCENARIO(hook_fails_in_destroy) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  atexit(on_exit_event);
  MUST(async_resource_emit_destroy(make_resource("R")));
  set_immediate(not_reached);
}
