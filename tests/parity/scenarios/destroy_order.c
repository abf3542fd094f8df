#include "scenario.h"

static trace_hook_t hook;
static async_resource_t *c;

static void say(void *arg) {
  trace_print("%s", (const char *)arg);
}

static void before(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate queued before");
}

static void next(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("next immediate");
}

static void after(async_immediate_t *immediate) {
  static char text[] = "tick of it";
  (void)immediate;
  trace_print("immediate queued after");
  MUST(async_resource_emit_destroy(c));
  set_immediate(next);
  next_tick(say, text);
}

SCENARIO(destroy_order) {
  static char tick[] = "tick", microtask[] = "microtask";
  trace_hook_make(&hook, "", TRACE_DESTROY);
  hook.only = " R ";
  trace_hook_enable(&hook);
  set_immediate(before);
  async_resource_t *a = make_resource("R");
  async_resource_t *b = make_resource("R");
  c = make_resource("R");
  MUST(async_resource_emit_destroy(b));
  MUST(async_resource_emit_destroy(a));
  trace_print("emitted");
  set_immediate(after);
  next_tick(say, tick);
  queue_microtask(say, microtask);
}
