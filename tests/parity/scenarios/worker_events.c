#include "asyncscope/async_fail.h"
#include "scenario.h"
#include "worker.h"
#include <stdio.h>

static void script(void *worker_data) {
  (void)worker_data;
  post_to_parent("from the worker");
  async_fail("on purpose");
}

static void on_online(async_worker_t *worker) {
  (void)worker;
  trace_print("online");
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  char text[32];
  (void)worker;
  snprintf(text, sizeof(text), "exit %d", exit_code);
  trace_where(text);
}

SCENARIO(worker_events) {
  async_worker_callbacks_t on = {.online = on_online,
                                 .message = print_message,
                                 .error = print_error,
                                 .exit = on_exit_of};
  trace_start_only(" WORKER ");
  make_worker(script, &on);
}
