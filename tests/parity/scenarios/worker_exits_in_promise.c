#include "asyncscope/async_promise.h"
#include "scenario.h"
#include "worker.h"

static async_immediate_t first, second;

static void on_event(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
}

static void enable_hook(void) {
  static async_hook_t hook;
  static const async_hook_callbacks_t callbacks = {.before = on_event,
                                                   .after = on_event};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
}

static void never(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("not reached");
}

static void *exits(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("exits");
  MUST(async_worker_exit(4));
  return NULL;
}

static void on_immediate(async_immediate_t *immediate) {
  async_promise_t *promise;
  (void)immediate;
  enable_hook();
  MUST(async_immediate_start(&second, never));
  MUST(async_promise_create(&promise));
  async_promise_resolve(promise, NULL);
  MUST(async_promise_then(promise, exits, NULL, NULL, NULL));
  async_promise_release(promise);
}

static void script(void *worker_data) {
  (void)worker_data;
  MUST(async_immediate_start(&first, on_immediate));
}

SCENARIO(worker_exits_in_promise) {
  async_worker_callbacks_t on = {.exit = print_exit};
  make_worker(script, &on);
}
