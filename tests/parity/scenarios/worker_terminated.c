#include "scenario.h"
#include "worker.h"

static void tick(async_timeout_t *timer) {
  (void)timer;
}

static async_timeout_t interval;

static void script(void *worker_data) {
  (void)worker_data;
  post_to_parent("ready");
  MUST(async_timeout_start_interval(&interval, tick, 1000));
}

static void on_message(async_worker_t *worker, async_message_t *message) {
  trace_print("%s", (const char *)message->data);
  async_message_release(message);
  async_worker_terminate(worker);
}

SCENARIO(worker_terminated) {
  async_worker_callbacks_t on = {.message = on_message, .exit = print_exit};
  make_worker(script, &on);
}
