#include "scenario.h"

static int count;

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  count++;
}

static void emit(int n) {
  for (int i = 0; i < n; i++) {
    async_resource_t resource;
    MUST(async_resource_init(&resource, "R", NULL));
    MUST(async_resource_emit_destroy(&resource));
    async_resource_finish(&resource);
  }
}

static const char *answer(bool yes) {
  return yes ? "true" : "false";
}

static void few_in_microtask(void *arg) {
  (void)arg;
  trace_print("16384 in a microtask: %s", answer(count > 0));
}

static void many_in_tick(void *arg) {
  (void)arg;
  trace_print("20000 in a tick: %s", answer(count > 0));
}

static void many_in_microtask(void *arg) {
  (void)arg;
  trace_print("20000 in a microtask: %s", answer(count >= 20000));
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("16384 in an immediate: %s", answer(count >= 16384));
  count = 0;
  emit(20000);
  trace_print("20000 at once: %s", answer(count > 0));
  next_tick(many_in_tick, NULL);
  queue_microtask(many_in_microtask, NULL);
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  count = 0;
  emit(16384);
  queue_microtask(few_in_microtask, NULL);
  set_immediate(on_immediate);
}

static async_hook_t hook;

static void disable(void *arg) {
  async_hook_disable(arg);
}

SCENARIO(destroy_queue_threshold) {
  async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  set_timeout(on_timeout, 1);
}
