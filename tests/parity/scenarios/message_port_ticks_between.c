#include "message.h"
#include "scenario.h"
#include <string.h>

static async_local_storage_t *storage;
static async_message_port_t *ports[2];

static void say(void *text) {
  trace_print("%s", (const char *)text);
}

static char *text_of(const char *kind, const char *message) {
  char *text = scenario_alloc(64);
  strncat(strncat(text, kind, 31), message, 31);
  return text;
}

static void close_first(void *arg) {
  (void)arg;
  async_message_port_close(ports[0]);
}

static void on_message(async_message_port_t *port, async_message_t *message) {
  const char *text = message->data;
  (void)port;
  trace_print("message %s", text);
  next_tick(say, text_of("tick of ", text));
  queue_microtask(say, text_of("microtask of ", text));
  if (strcmp(text, "third") == 0)
    run_with(storage, "closer", close_first, NULL);
  async_message_release(message);
}

static void on_close(async_message_port_t *port) {
  trace_store(port == ports[0] ? "close 1" : "close 2", storage);
}

SCENARIO(message_port_ticks_between) {
  storage = make_storage();
  trace_start_only(" MESSAGEPORT TickObject Microtask ");
  make_channel(ports);
  async_message_port_on_message(ports[1], on_message);
  async_message_port_on_close(ports[1], on_close);
  async_message_port_on_close(ports[0], on_close);
  post_message(ports[0], "first");
  post_message(ports[0], "second");
  post_message(ports[0], "third");
}
