#include "message.h"
#include "scenario.h"

static async_message_port_t *ports[2];

static void receive(async_message_port_t *port) {
  async_message_t *message = async_message_port_receive_message(port);
  trace_print("received %s",
              message == NULL ? "nothing" : (const char *)message->data);
  async_message_release(message);
}

static void on_close(async_message_port_t *port) {
  (void)port;
  trace_print("close 2");
}

SCENARIO(message_port_closed_by_receiver_at_once) {
  make_channel(ports);
  post_message(ports[0], "one");
  post_message(ports[0], "two");
  receive(ports[1]);
  async_message_port_on_close(ports[1], on_close);
  async_message_port_close(ports[1]);
}
