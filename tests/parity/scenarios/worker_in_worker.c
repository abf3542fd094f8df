#include "worker.h"
#include "scenario.h"
#include <stdio.h>

static void drop(async_message_port_t *port, async_message_t *message) {
  (void)port;
  async_message_release(message);
}

static void inner(void *worker_data) {
  (void)worker_data;
  post_to_parent("from inner");
  async_message_port_on_message(async_worker_parent_port(), drop);
}

static void on_inner_message(async_worker_t *worker, async_message_t *message) {
  char text[64];
  (void)worker;
  snprintf(text, sizeof(text), "%s through outer", (const char *)message->data);
  async_message_release(message);
  post_to_parent(text);
  MUST(async_worker_exit(3));
}

static void outer(void *worker_data) {
  async_worker_callbacks_t on = {.message = on_inner_message};
  (void)worker_data;
  make_worker(inner, &on);
}

static void on_outer_message(async_worker_t *worker, async_message_t *message) {
  (void)worker;
  trace_print("%s", (const char *)message->data);
  async_message_release(message);
}

static void on_outer_exit(async_worker_t *worker, int exit_code) {
  (void)worker;
  trace_print("outer exit %d", exit_code);
}

SCENARIO(worker_in_worker) {
  async_worker_callbacks_t on = {.message = on_outer_message,
                                 .exit = on_outer_exit};
  make_worker(outer, &on);
}
