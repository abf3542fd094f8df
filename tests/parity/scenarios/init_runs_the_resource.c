#include "scenario.h"
#include <inttypes.h>
#include <string.h>

static async_hook_t hook;

static void say(void *text) {
  trace_where(text);
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  static char in_init[] = "in init", tick[] = "tick of init";
  (void)async_id, (void)trigger_async_id, (void)data;
  if (strcmp(type, "R") != 0)
    return;
  run_in(resource, say, in_init);
  MUST(async_resource_emit_destroy(resource));
  next_tick(say, tick);
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(init_runs_the_resource) {
  static const async_hook_callbacks_t callbacks = {.init = on_init};
  static char in_scope[] = "in scope";
  trace_start();
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  async_resource_t *made = make_resource("R");
  trace_print("made #%" PRId64, async_resource_async_id(made));
  run_in(made, say, in_scope);
  set_immediate(on_immediate);
}
