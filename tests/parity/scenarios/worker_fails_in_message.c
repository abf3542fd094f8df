#include "asyncscope/async_fail.h"
#include "scenario.h"
#include "worker.h"
#include <string.h>

static void on_message(async_message_port_t *port, async_message_t *message) {
  (void)port;
  bool fails = strcmp(message->data, "second") == 0;
  async_message_release(message);
  if (fails)
    async_fail("in message");
  else
    post_to_parent("got first");
}

static void script(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), on_message);
}

static void post_second(async_worker_t *worker, async_message_t *message) {
  print_text(worker, message);
  post_to_worker(worker, "second");
}

SCENARIO(worker_fails_in_message) {
  async_worker_callbacks_t on = {
      .message = post_second, .error = print_error, .exit = print_exit};
  async_worker_t *worker = make_worker(script, &on);
  post_to_worker(worker, "first");
}
