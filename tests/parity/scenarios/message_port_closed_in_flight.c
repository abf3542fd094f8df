#include "message.h"
#include "scenario.h"

static async_message_port_t *ports[2];

static void on_message(async_message_port_t *port, async_message_t *message) {
  (void)port;
  trace_print("message %s", (const char *)message->data);
  async_message_release(message);
}

static void on_close(async_message_port_t *port) {
  trace_print("close %d", port == ports[0] ? 1 : 2);
}

SCENARIO(message_port_closed_in_flight) {
  make_channel(ports);
  async_message_port_on_message(ports[1], on_message);
  async_message_port_on_close(ports[1], on_close);
  async_message_port_on_close(ports[0], on_close);
  post_message(ports[0], "one");
  post_message(ports[0], "two");
  async_message_port_close(ports[0]);
  async_message_port_close(ports[0]);
}
