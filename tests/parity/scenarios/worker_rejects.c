#include "asyncscope/async_promise.h"
#include "scenario.h"
#include "worker.h"

static async_timeout_t interval;

static void tick(async_timeout_t *timer) {
  (void)timer;
}

static void script(void *worker_data) {
  async_promise_t *promise;
  (void)worker_data;
  post_to_parent("up");
  MUST(async_timeout_start_interval(&interval, tick, 1000));
  MUST(async_promise_create(&promise));
  async_promise_reject(promise, (void *)(intptr_t)UV_ECANCELED);
  async_promise_release(promise);
}

static void on_error(async_worker_t *worker, const char *message) {
  (void)worker, (void)message;
  trace_print("error nobody asks");
}

SCENARIO(worker_rejects) {
  async_worker_callbacks_t on = {
      .message = print_text, .error = on_error, .exit = print_exit};
  make_worker(script, &on);
}
