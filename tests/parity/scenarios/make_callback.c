#include "scenario.h"

static async_resource_t resource;

static void destroyed(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("destroyed by now");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  MUST(async_resource_init(&resource, "R", NULL));
  MUST(async_callback_scope_open(&resource));
  trace_where("inside");
  bool its = async_hooks_execution_async_resource() == &resource;
  trace_print("its resource %s", its ? "true" : "false");
  async_callback_scope_close(&resource);
  async_resource_finish(&resource);
  set_immediate(destroyed);
}

SCENARIO(make_callback) {
  trace_start();
  set_immediate(on_immediate);
}
