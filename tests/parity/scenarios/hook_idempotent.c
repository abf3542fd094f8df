#include "scenario.h"

static trace_hook_t hook;

static void first(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

static void second(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("unseen");
}

SCENARIO(hook_idempotent) {
  trace_hook_make(&hook, "", TRACE_ALL);
  trace_hook_enable(&hook);
  trace_hook_enable(&hook);
  set_immediate(first);
  trace_hook_disable(&hook);
  trace_hook_disable(&hook);
  set_immediate(second);
}
