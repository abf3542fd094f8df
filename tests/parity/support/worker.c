#include "worker.h"
#include "message.h"
#include "scenario.h"

async_worker_t *make_worker(async_worker_main_cb main,
                            const async_worker_callbacks_t *on) {
  async_worker_options_t options = {.on = *on};
  async_worker_t *worker;
  MUST(async_worker_create(main, &options, &worker));
  return worker;
}

void post_to_worker(async_worker_t *worker, const char *text) {
  MUST(async_worker_post_message(worker, make_message(text)));
}

void post_to_parent(const char *text) {
  post_message(async_worker_parent_port(), text);
}

void print_text(async_worker_t *worker, async_message_t *message) {
  (void)worker;
  trace_print("%s", (const char *)message->data);
  async_message_release(message);
}

void print_message(async_worker_t *worker, async_message_t *message) {
  (void)worker;
  trace_print("message %s", (const char *)message->data);
  async_message_release(message);
}

void print_error(async_worker_t *worker, const char *message) {
  (void)worker;
  trace_print("error %s", message);
}

void print_exit(async_worker_t *worker, int exit_code) {
  (void)worker;
  trace_print("exit %d", exit_code);
}
