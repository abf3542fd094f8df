#include "scenario.h"
#include "worker.h"

static async_local_storage_t *storage;

static void script(void *worker_data) {
  (void)worker_data;
  trace_store("in the worker", storage);
  post_to_parent("hello");
}

static void on_message(async_worker_t *worker, async_message_t *message) {
  (void)worker;
  trace_store("message", storage);
  async_message_release(message);
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  (void)worker, (void)exit_code;
  trace_store("exit", storage);
}

static void make(void *arg) {
  async_worker_callbacks_t on = {.message = on_message, .exit = on_exit_of};
  (void)arg;
  make_worker(script, &on);
}

SCENARIO(worker_store) {
  storage = make_storage();
  run_with(storage, "maker", make, NULL);
}
