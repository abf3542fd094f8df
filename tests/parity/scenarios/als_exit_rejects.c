#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void say(void *text) {
  trace_store(text, storage);
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  char text[48];
  (void)promise, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  trace_store(text, storage);
  enter_with(storage, "entered in the handler");
  next_tick(say, (void *)(uintptr_t) "tick of the handler");
}

static int exited(void *arg) {
  (void)arg;
  promise_rejected("exited");
  return 0;
}

static void in_run(void *arg) {
  (void)arg;
  MUST(async_local_storage_exit(storage, exited, NULL));
  promise_rejected("in run");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate", storage);
}

static void finish(void *arg) {
  async_local_storage_finish(arg);
}

SCENARIO(als_exit_rejects) {
  static char value[] = "default";
  async_local_storage_options_t options = {.default_value = value};
  storage = scenario_alloc(sizeof(*storage));
  MUST(async_local_storage_init(storage, &options));
  scenario_at_end(finish, storage);
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  run_with(storage, "run", in_run, NULL);
  promise_rejected("outside");
  set_immediate(on_immediate);
}
