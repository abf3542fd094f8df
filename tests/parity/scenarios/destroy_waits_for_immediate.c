#include "scenario.h"

static trace_hook_t hook;

static void say(void *arg) {
  trace_print("%s", (const char *)arg);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(destroy_waits_for_immediate) {
  static char tick[] = "tick", microtask[] = "microtask";
  trace_hook_make(&hook, "", TRACE_DESTROY);
  hook.only = " R ";
  trace_hook_enable(&hook);
  MUST(async_resource_emit_destroy(make_resource("R")));
  trace_print("emitted");
  next_tick(say, tick);
  queue_microtask(say, microtask);
  set_immediate(on_immediate);
}
