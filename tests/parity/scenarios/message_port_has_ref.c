#include "message.h"
#include "scenario.h"
#include <string.h>

static async_message_port_t *ports[2];

static const char *word(bool has_ref) {
  return has_ref ? "true" : "false";
}

static void show(const char *text) {
  trace_print("%s %s %s", text, word(async_message_port_has_ref(ports[0])),
              word(async_message_port_has_ref(ports[1])));
}

/* Of a port that is being made its resource is all there is. */
static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  async_active_resource_t active;
  (void)async_id, (void)trigger_async_id, (void)resource, (void)data;
  if (strcmp(type, "MESSAGEPORT") == 0) {
    trace_print("in init %s",
                word(async_active_resources_info(NULL, &active, 1) > 0));
  }
}

static void on_close(async_message_port_t *port) {
  trace_print("closed %s", word(async_message_port_has_ref(port)));
}

static void drop(async_message_port_t *port, async_message_t *message) {
  (void)port;
  async_message_release(message);
}

SCENARIO(message_port_has_ref) {
  static async_hook_t hook;
  static const async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  make_channel(ports);
  show("made");
  async_message_port_ref(ports[0]);
  show("ref");
  async_message_port_unref(ports[0]);
  show("unref");
  async_message_port_on_message(ports[0], drop);
  async_message_port_on_message(ports[1], drop);
  show("listen");
  async_message_port_on_message(ports[1], NULL);
  show("off");
  async_message_port_on_close(ports[0], on_close);
  async_message_port_close(ports[1]);
  show("closing");
}
