#include "scenario.h"
#include "worker.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void in_scope(void *arg) {
  (void)arg;
  trace_store("in scope", storage);
}

static void on_hello(async_message_port_t *port, async_message_t *message) {
  static async_resource_t resource;
  char text[64];
  snprintf(text, sizeof(text), "worker got %s", (const char *)message->data);
  async_message_release(message);
  trace_store(text, storage);
  MUST(async_resource_init(&resource, "IN_WORKER", NULL));
  run_in(&resource, in_scope, NULL);
  async_message_port_close(port);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate", storage);
  post_to_parent("ready");
}

static void on_timeout(async_timeout_t *timeout) {
  static async_immediate_t immediate;
  (void)timeout;
  trace_store("timeout", storage);
  MUST(async_immediate_start(&immediate, on_immediate));
}

static void of_the_worker(void *arg) {
  static async_timeout_t timeout;
  (void)arg;
  async_message_port_on_message(async_worker_parent_port(), on_hello);
  MUST(async_timeout_start(&timeout, on_timeout, 1));
}

static void script(void *worker_data) {
  static trace_hook_t hook;
  (void)worker_data;
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " Timeout Immediate ";
  trace_hook_enable(&hook);
  run_with(storage, "of the worker", of_the_worker, NULL);
}

static void post(void *worker) {
  post_to_worker(worker, "hello");
}

static void on_message(async_worker_t *worker, async_message_t *message) {
  async_message_release(message);
  trace_store("ready", storage);
  run_with(storage, "poster", post, worker);
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

SCENARIO(worker_with_hooks_and_stores) {
  storage = make_storage();
  run_with(storage, "maker", make, NULL);
}
