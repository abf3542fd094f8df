#include "scenario.h"

static trace_hook_t h1, h2, h3;

static void on_h2(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)hook, (void)async_id;
  if (event == TRACE_BEFORE) {
    trace_hook_disable(&h1);
  }
}

static void on_h3(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  static int ends;
  (void)async_id;
  if (event == TRACE_BEFORE) {
    trace_hook_enable(&h2);
  }
  if (event == TRACE_AFTER && ++ends == 2) {
    trace_hook_disable(hook);
  }
}

static void second(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("second");
}

static void first(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("first");
  set_immediate(second);
}

SCENARIO(hook_enable_disable_in_callbacks) {
  trace_hook_make(&h1, "h1", TRACE_ALL);
  trace_hook_make(&h2, "h2", TRACE_ALL);
  trace_hook_make(&h3, "h3", TRACE_ALL);
  h2.on = on_h2;
  h3.on = on_h3;
  trace_hook_enable(&h1);
  trace_hook_enable(&h1);
  trace_hook_enable(&h3);
  set_immediate(first);
}
