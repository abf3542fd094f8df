#include "scenario.h"
#include "worker.h"
#include <stdio.h>

static void on_message(async_message_port_t *port, async_message_t *message) {
  char text[64];
  snprintf(text, sizeof(text), "%s and back", (const char *)message->data);
  async_message_release(message);
  post_to_parent(text);
  async_message_port_close(port);
}

static void script(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), on_message);
}

SCENARIO(worker_message) {
  async_worker_callbacks_t on = {.message = print_message, .exit = print_exit};
  post_to_worker(make_worker(script, &on), "there");
}
