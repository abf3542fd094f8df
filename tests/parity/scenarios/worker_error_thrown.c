#include "asyncscope/async_fail.h"
#include "scenario.h"
#include "worker.h"

static void script(void *worker_data) {
  (void)worker_data;
  async_fail("nobody listens");
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("uncaught %s", message);
}

SCENARIO(worker_error_thrown) {
  async_worker_callbacks_t on = {.exit = print_exit};
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  make_worker(script, &on);
}
