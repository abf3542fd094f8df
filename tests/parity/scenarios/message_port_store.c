#include "message.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_message_port_t *ports[2];

static void on_message(async_message_port_t *port, async_message_t *message) {
  trace_store("message", storage);
  async_message_release(message);
  async_message_port_close(port);
}

static void on_close(async_message_port_t *port) {
  (void)port;
  trace_store("close", storage);
}

static void make(void *arg) {
  (void)arg;
  make_channel(ports);
}

static void listen_to_it(void *arg) {
  (void)arg;
  async_message_port_on_message(ports[1], on_message);
  async_message_port_on_close(ports[1], on_close);
}

static void post(void *arg) {
  post_message(ports[0], arg);
}

SCENARIO(message_port_store) {
  static char hello[] = "hello";
  storage = make_storage();
  run_with(storage, "maker", make, NULL);
  run_with(storage, "listener", listen_to_it, NULL);
  run_with(storage, "poster", post, hello);
}
