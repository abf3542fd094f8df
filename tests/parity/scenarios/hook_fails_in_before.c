#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  async_fail("test_before_callback");
}

static void on_uncaught(const char *message, void *data) {
  (void)message, (void)data;
  trace_print("not reached");
}

static void not_reached(void *arg) {
  (void)arg;
  trace_print("not reached");
}

SCENARIO(hook_fails_in_before) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.before = on_before};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  run_in(make_resource("R"), not_reached, NULL);
  trace_print("not reached");
}
