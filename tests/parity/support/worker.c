#include "worker.h"
#include "scenario.h"
#include <string.h>

async_worker_t *make_worker(async_worker_main_cb main,
                            const async_worker_callbacks_t *on) {
  async_worker_options_t options = {.on = *on};
  async_worker_t *worker;
  MUST(async_worker_create(main, &options, &worker));
  return worker;
}

static async_message_t *message_of(const char *text) {
  async_message_t *message;
  MUST(async_message_create(text, strlen(text) + 1, &message));
  return message;
}

void post_to_worker(async_worker_t *worker, const char *text) {
  MUST(async_worker_post_message(worker, message_of(text)));
}

void post_to_parent(const char *text) {
  MUST(async_message_port_post_message(async_worker_parent_port(),
                                       message_of(text)));
}

void print_exit(async_worker_t *worker, int exit_code) {
  (void)worker;
  trace_print("exit %d", exit_code);
}
