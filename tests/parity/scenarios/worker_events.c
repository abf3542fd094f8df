#include "asyncscope/async_fail.h"
#include "scenario.h"
#include "worker.h"
#include <stdio.h>
#include <string.h>

static void on_order(async_message_port_t *port, async_message_t *message) {
  (void)port;
  if (strcmp(message->data, "fail") == 0) {
    async_fail("on purpose");
  } else {
    post_to_parent("from the worker");
  }
  async_message_release(message);
}

static void script(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), on_order);
}

static void on_online(async_worker_t *worker) {
  trace_print("online");
  post_to_worker(worker, "speak");
}

static void on_message(async_worker_t *worker, async_message_t *message) {
  print_message(worker, message);
  post_to_worker(worker, "fail");
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  char text[32];
  (void)worker;
  snprintf(text, sizeof(text), "exit %d", exit_code);
  trace_where(text);
}

SCENARIO(worker_events) {
  async_worker_callbacks_t on = {.online = on_online,
                                 .message = on_message,
                                 .error = print_error,
                                 .exit = on_exit_of};
  trace_start_only(" WORKER ");
  make_worker(script, &on);
}
