#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <inttypes.h>

static async_resource_t *made[2];

static void inside(void *resource) {
  bool is_its = async_hooks_execution_async_resource() == resource;
  trace_where("inside");
  trace_print("its resource %s", is_its ? "true" : "false");
}

static void fail(void *arg) {
  (void)arg;
  async_fail("inside");
}

static void use(async_resource_t *resource) {
  char message[ASYNC_FAILURE_BYTES];
  trace_print("id #%" PRId64 " trigger #%" PRId64,
              async_resource_async_id(resource),
              async_resource_trigger_async_id(resource));
  run_in(resource, inside, resource);
  run_in(resource, fail, NULL);
  if (async_catch(message))
    trace_print("caught %s", message);
  trace_where("outside");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  MUST(async_resource_emit_destroy(made[1]));
  MUST(async_resource_emit_destroy(made[0]));
  trace_print("ended");
}

SCENARIO(async_resource_of_an_addon) {
  trace_start();
  made[0] = make_resource("foobar");
  made[1] = make_triggered("foobar", 12345);
  use(made[0]);
  use(made[1]);
  set_immediate(on_immediate);
}
