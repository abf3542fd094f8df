#include "scenario.h"
#include "worker.h"

static void on_message(async_message_port_t *port, async_message_t *message) {
  async_message_release(message);
  async_message_port_on_message(port, NULL);
}

static void script(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), on_message);
}

static void show(const char *text, const async_worker_t *worker) {
  trace_print("%s %s", text, async_worker_has_ref(worker) ? "true" : "false");
}

SCENARIO(worker_has_ref) {
  async_worker_callbacks_t on = {.exit = print_exit};
  async_worker_t *worker = make_worker(script, &on);
  show("made", worker);
  async_worker_unref(worker);
  show("unref", worker);
  async_worker_ref(worker);
  show("ref", worker);
  post_to_worker(worker, "end");
}
