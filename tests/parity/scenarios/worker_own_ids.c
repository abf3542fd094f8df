#include "scenario.h"
#include "worker.h"
#include <inttypes.h>

static void script(void *worker_data) {
  static trace_hook_t hook;
  async_resource_t resource;
  (void)worker_data;
  trace_print("trigger at top #%" PRId64, async_hooks_trigger_async_id());
  trace_hook_make(&hook, "worker", TRACE_ALL);
  hook.only = " made in the worker ";
  trace_hook_enable(&hook);
  MUST(async_resource_init(&resource, "made in the worker", NULL));
  async_resource_finish(&resource);
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  (void)worker;
  trace_where(exit_code == 0 ? "exit 0" : "exit with an error");
}

SCENARIO(worker_own_ids) {
  static trace_hook_t hook;
  async_worker_callbacks_t on = {.exit = on_exit_of};
  trace_hook_make(&hook, "main", TRACE_ALL);
  hook.only = " WORKER  made in the worker ";
  trace_hook_enable(&hook);
  make_worker(script, &on);
}
