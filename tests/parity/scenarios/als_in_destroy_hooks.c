#include "promise.h"

static async_local_storage_t *storage;
static async_hook_t hook;

static void say(void *text) {
  trace_store(text, storage);
}

static void *on_then(async_promise_t *derived, void *value, void *text) {
  (void)derived, (void)value;
  say(text);
  return NULL;
}

static void on_immediate(async_immediate_t *immediate) {
  trace_store(immediate->resource.data, storage);
}

static void later(const char *text) {
  set_immediate(on_immediate)->resource.data = (void *)(uintptr_t)text;
}

static void reject(void *arg) {
  (void)arg;
  promise_rejected("reason");
}

static void destroy_one(void *arg) {
  (void)arg;
  MUST(async_resource_emit_destroy(make_resource("R")));
}

static void start_all(void) {
  static char tick[] = "tick of the hook";
  enter_with(storage, "of the hook");
  destroy_one(NULL);
  next_tick(say, tick);
  promise_then(promise_resolved(NULL), on_then, "then of the hook");
  later("immediate of the hook");
  run_with(storage, "run", reject, NULL);
}

static void on_destroy(async_id_t async_id, void *data) {
  static bool started;
  (void)async_id, (void)data;
  trace_store("destroy", storage);
  if (started)
    return;
  started = true;
  start_all();
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)reason, (void)data;
  trace_store("unhandled", storage);
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

SCENARIO(als_in_destroy_hooks) {
  static const async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  storage = make_storage();
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  later("first immediate");
  run_with(storage, "maker", destroy_one, NULL);
}
