#include "message.h"
#include "scenario.h"
#include <string.h>

static void tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

static void on_message(async_message_port_t *port, async_message_t *message) {
  const char *text = message->data;
  trace_where(text);
  next_tick(tick, NULL);
  if (strcmp(text, "last") == 0) {
    async_message_port_close(port);
  }
  async_message_release(message);
}

static void on_first_closed(async_message_port_t *port) {
  (void)port;
  trace_where("first closed");
}

static void on_second_closed(async_message_port_t *port) {
  (void)port;
  trace_where("second closed");
}

SCENARIO(message_port_life) {
  async_message_port_t *ports[2];
  trace_start_only(" MESSAGEPORT  TickObject ");
  make_channel(ports);
  async_message_port_on_message(ports[1], on_message);
  async_message_port_on_close(ports[0], on_first_closed);
  async_message_port_on_close(ports[1], on_second_closed);
  async_message_port_ref(ports[0]);
  post_message(ports[0], "one");
  post_message(ports[0], "last");
  trace_print("posted");
}
