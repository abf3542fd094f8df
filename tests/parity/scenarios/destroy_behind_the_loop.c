#include "scenario.h"

static async_hook_t hook;

static void say(void *text) {
  trace_where(text);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

static void on_destroy(async_id_t async_id, void *data) {
  static char tick[] = "tick", microtask[] = "microtask";
  static bool started;
  (void)async_id, (void)data;
  if (started)
    return;
  started = true;
  next_tick(say, tick);
  queue_microtask(say, microtask);
  set_immediate(on_immediate);
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

SCENARIO(destroy_behind_the_loop) {
  static const async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  trace_start();
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  MUST(async_resource_emit_destroy(make_resource("R")));
}
