#include "message.h"
#include "scenario.h"
#include <stdio.h>
#include <stdlib.h>

static async_local_storage_t *storage;
static async_message_port_t *ports[2];

static void post_number(async_message_port_t *port, int number) {
  char text[16];
  snprintf(text, sizeof(text), "%d", number);
  post_message(port, text);
}

static int take(const char *name, async_message_t *message) {
  char text[32];
  int number = (int)strtol(message->data, NULL, 10);
  snprintf(text, sizeof(text), "%s %d", name, number);
  trace_store(text, storage);
  async_message_release(message);
  return number;
}

static void on_port1(async_message_port_t *port, async_message_t *message) {
  int number = take("port1", message);
  enter_with(storage, "entered");
  if (number == 4)
    async_message_port_close(port);
  else
    post_number(port, number + 1);
}

static void on_port2(async_message_port_t *port, async_message_t *message) {
  post_number(port, take("port2", message) + 1);
}

static void on_close(async_message_port_t *port) {
  (void)port;
  trace_store("close 2", storage);
}

static void make(void *arg) {
  (void)arg;
  make_channel(ports);
}

static void receive(void *arg) {
  (void)arg;
  async_message_port_on_message(ports[0], on_port1);
}

static void post(void *arg) {
  (void)arg;
  post_number(ports[0], 1);
}

SCENARIO(message_ports_ping_pong) {
  storage = make_storage();
  run_with(storage, "channel", make, NULL);
  run_with(storage, "listener", receive, NULL);
  async_message_port_on_message(ports[1], on_port2);
  async_message_port_on_close(ports[1], on_close);
  run_with(storage, "poster", post, NULL);
}
