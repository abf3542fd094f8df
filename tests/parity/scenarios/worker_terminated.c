#include "scenario.h"
#include "worker.h"

static void tick(async_uv_timer_t *timer) {
  (void)timer;
}

static async_uv_timer_t interval;

static void script(void *worker_data) {
  (void)worker_data;
  post_to_parent("ready");
  MUST(async_uv_timer_init(async_env_loop(), &interval));
  MUST(async_uv_timer_start(&interval, tick, 1000, 1000));
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
