#include "asyncscope/async_fail.h"
#include "scenario.h"
#include "worker.h"
#include <stdio.h>
#include <string.h>

static void on_message(async_message_port_t *port, async_message_t *message) {
  char text[32];
  (void)port;
  snprintf(text, sizeof(text), "got %s", (const char *)message->data);
  post_to_parent(text);
  bool fails = strcmp(message->data, "second") == 0;
  async_message_release(message);
  if (fails)
    async_fail("in message");
}

static void script(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), on_message);
}

static void print(async_worker_t *worker, async_message_t *message) {
  (void)worker;
  trace_print("%s", (const char *)message->data);
  async_message_release(message);
}

SCENARIO(worker_fails_in_message) {
  async_worker_callbacks_t on = {
      .message = print, .error = print_error, .exit = print_exit};
  async_worker_t *worker = make_worker(script, &on);
  post_to_worker(worker, "first");
  post_to_worker(worker, "second");
}
