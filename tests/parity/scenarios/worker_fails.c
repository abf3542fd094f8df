#include "asyncscope/async_fail.h"
#include "scenario.h"
#include "worker.h"

static void script(void *worker_data) {
  (void)worker_data;
  async_fail("in the worker");
}

SCENARIO(worker_fails) {
  async_worker_callbacks_t on = {.error = print_error, .exit = print_exit};
  make_worker(script, &on);
}
