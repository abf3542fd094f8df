#include "scenario.h"
#include "worker.h"

static async_hook_t hook;
static async_timeout_t timer;

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  MUST(async_worker_exit(7));
}

static void on_timeout(async_timeout_t *timeout) {
  (void)timeout;
  if (!async_worker_is_stopping())
    post_to_parent("never");
}

static void script(void *worker_data) {
  static const async_hook_callbacks_t callbacks = {.before = on_before};
  (void)worker_data;
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  post_to_parent("up");
  MUST(async_timeout_start(&timer, on_timeout, 1));
}

static void on_error(async_worker_t *worker, const char *message) {
  (void)worker, (void)message;
  trace_print("error");
}

SCENARIO(worker_exits_in_hook) {
  async_worker_callbacks_t on = {
      .message = print_text, .error = on_error, .exit = print_exit};
  make_worker(script, &on);
}
