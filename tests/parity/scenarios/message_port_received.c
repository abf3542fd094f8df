#include "message.h"
#include "scenario.h"

static void receive(async_message_port_t *port) {
  async_message_t *message = async_message_port_receive_message(port);
  trace_print("received %s",
              message == NULL ? "undefined" : (const char *)message->data);
  async_message_release(message);
}

SCENARIO(message_port_received) {
  async_message_port_t *ports[2];
  make_channel(ports);
  post_message(ports[0], "one");
  post_message(ports[0], "two");
  receive(ports[1]);
  async_message_port_close(ports[0]);
  receive(ports[1]);
  receive(ports[1]);
}
