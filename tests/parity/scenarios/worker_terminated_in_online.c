#include "scenario.h"
#include "worker.h"

static void ignore(async_message_port_t *port, async_message_t *message) {
  (void)port;
  async_message_release(message);
}

static void script(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), ignore);
}

static void on_online(async_worker_t *worker) {
  trace_print("online");
  post_to_worker(worker, "read or not");
  async_worker_terminate(worker);
}

SCENARIO(worker_terminated_in_online) {
  async_worker_callbacks_t on = {.online = on_online, .exit = print_exit};
  make_worker(script, &on);
}
