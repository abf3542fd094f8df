#include "scenario.h"
#include "worker.h"

static async_immediate_t immediate;
static async_timeout_t timer;

static void not_reached(async_timeout_t *due) {
  (void)due;
  trace_print("not reached");
}

/* Node interrupts the loop; here it has to look. The timer is not due at once:
 * libuv 1.45 and later would call it in the same turn of the loop. */
static void compute(async_immediate_t *running) {
  (void)running;
  post_to_parent("busy");
  while (!async_worker_is_stopping()) {
    continue;
  }
  MUST(async_timeout_start(&timer, not_reached, 10000));
}

static void script(void *worker_data) {
  (void)worker_data;
  MUST(async_immediate_start(&immediate, compute));
}

static void on_message(async_worker_t *worker, async_message_t *message) {
  trace_print("%s", (const char *)message->data);
  async_message_release(message);
  async_worker_terminate(worker);
}

SCENARIO(worker_terminated_busy) {
  async_worker_callbacks_t on = {.message = on_message, .exit = print_exit};
  make_worker(script, &on);
}
