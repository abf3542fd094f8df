#include "asyncscope/async_fail.h"
#include "scenario.h"
#include "worker.h"

static void script(void *worker_data) {
  (void)worker_data;
  MUST(async_worker_exit(0));
  async_fail("behind the exit");
}

SCENARIO(worker_fails_behind_exit) {
  async_worker_callbacks_t on = {.error = print_error, .exit = print_exit};
  make_worker(script, &on);
}
