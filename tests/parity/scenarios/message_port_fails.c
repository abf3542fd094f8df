#include "asyncscope/async_fail.h"
#include "message.h"
#include "scenario.h"
#include <string.h>

static async_message_port_t *ports[2];

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("uncaught %s", message);
}

static void on_tick(void *message) {
  trace_print("tick %s", (const char *)((async_message_t *)message)->data);
  async_message_release(message);
}

static void on_message(async_message_port_t *port, async_message_t *message) {
  trace_print("message %s", (const char *)message->data);
  next_tick(on_tick, message);
  if (strcmp(message->data, "last") == 0)
    async_message_port_close(port);
  async_fail("%s", (const char *)message->data);
}

static void on_close(async_message_port_t *port) {
  trace_print("close %d", port == ports[0] ? 1 : 2);
}

SCENARIO(message_port_fails) {
  make_channel(ports);
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  async_message_port_on_message(ports[1], on_message);
  async_message_port_on_close(ports[1], on_close);
  async_message_port_on_close(ports[0], on_close);
  async_message_port_ref(ports[0]);
  post_message(ports[0], "first");
  post_message(ports[0], "last");
}
