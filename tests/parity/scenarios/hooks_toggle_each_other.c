#include "scenario.h"

static trace_hook_t a, b, c;

static void on_a(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)hook, (void)async_id;
  if (event == TRACE_INIT) {
    trace_hook_enable(&b);
    trace_hook_disable(&a);
    trace_hook_enable(&a);
  }
  if (event == TRACE_AFTER) {
    trace_hook_disable(&b);
    trace_hook_enable(&c);
  }
}

static void on_b(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)hook, (void)async_id;
  if (event == TRACE_BEFORE) {
    trace_hook_disable(&a);
    trace_hook_disable(&c);
    trace_hook_enable(&c);
  }
}

static void on_c(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)hook, (void)async_id;
  if (event == TRACE_BEFORE) {
    trace_hook_enable(&a);
    trace_hook_disable(&b);
    trace_hook_enable(&b);
  }
}

static void inside(void *arg) {
  (void)arg;
  trace_print("inside");
}

static void in_first(void *type) {
  run_in(make_resource(type), inside, NULL);
}

SCENARIO(hooks_toggle_each_other) {
  static char types[][8] = {"INSIDE0", "INSIDE1", "INSIDE2"};
  trace_hook_make(&a, "a", TRACE_ALL);
  trace_hook_make(&b, "b", TRACE_ALL);
  trace_hook_make(&c, "c", TRACE_ALL);
  a.on = on_a;
  b.on = on_b;
  c.on = on_c;
  trace_hook_enable(&a);
  async_resource_t *resource = make_resource("FIRST");
  for (size_t i = 0; i < 3; i++)
    run_in(resource, in_first, types[i]);
  MUST(async_resource_emit_destroy(resource));
}
