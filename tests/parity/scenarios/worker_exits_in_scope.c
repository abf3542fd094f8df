#include "scenario.h"
#include "worker.h"

static void before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
}

static int exits(void *arg) {
  (void)arg;
  trace_print("exits");
  MUST(async_worker_exit(7));
  return 7;
}

/* In C it is for the program to go back when it has asked for its end. */
static void script(void *worker_data) {
  static async_hook_t hook;
  static const async_hook_callbacks_t callbacks = {
      .before = before, .after = before, .promise_resolve = before};
  async_resource_t resource;
  (void)worker_data;
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  MUST(async_resource_init(&resource, "R", NULL));
  int status = async_resource_run_in_async_scope(&resource, exits, NULL);
  async_resource_finish(&resource);
  if (status != 7) {
    trace_print("not reached");
  }
}

static void never(async_timeout_t *timer) {
  (void)timer;
  trace_print("not reached");
}

static async_timeout_t timer;

static void script_with_timer(void *worker_data) {
  MUST(async_timeout_start(&timer, never, 0));
  script(worker_data);
}

SCENARIO(worker_exits_in_scope) {
  async_worker_callbacks_t on = {.exit = print_exit};
  make_worker(script_with_timer, &on);
}
