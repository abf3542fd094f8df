#include "message.h"
#include "scenario.h"
#include "worker.h"

static void tick(async_timeout_t *timer) {
  (void)timer;
}

static void script(void *worker_data) {
  static async_timeout_t interval;
  (void)worker_data;
  MUST(async_timeout_start_interval(&interval, tick, 1000));
}

static void on_error(async_worker_t *worker, const char *message) {
  (void)worker, (void)message;
  trace_print("error");
}

static void on_exit_(async_worker_t *worker, int exit_code) {
  (void)exit_code;
  trace_print("exit");
  async_message_t *message = make_message("too late");
  if (async_worker_post_message(worker, message) != 0)
    async_message_release(message);
  async_worker_terminate(worker);
  trace_print("thread %d",
              async_worker_thread_id(worker) == ASYNC_THREAD_NONE ? -1 : 0);
}

SCENARIO(worker_terminated_at_once) {
  async_worker_callbacks_t on = {.error = on_error, .exit = on_exit_};
  async_worker_t *worker = make_worker(script, &on);
  post_to_worker(worker, "never read");
  async_worker_terminate(worker);
  async_worker_terminate(worker);
}
