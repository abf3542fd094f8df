#include "message.h"
#include "scenario.h"

static void on_message(async_message_port_t *port, async_message_t *message) {
  trace_print("%s", (const char *)message->data);
  async_message_release(message);
  async_message_port_close(port);
}

static void on_close(async_message_port_t *port) {
  (void)port;
  trace_print("closed");
}

SCENARIO(message_port_closed_inside) {
  async_message_port_t *ports[2];
  make_channel(ports);
  async_message_port_on_message(ports[1], on_message);
  async_message_port_on_close(ports[1], on_close);
  post_message(ports[0], "one");
  post_message(ports[0], "two");
}
