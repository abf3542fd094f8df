#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_diagnostics_channel_t channel;

static void on_message(void *message, const char *name, void *data) {
  char text[64];
  (void)name, (void)data;
  snprintf(text, sizeof(text), "published %s", (const char *)message);
  trace_store(text, storage);
}

static int inside_with(void *arg) {
  char text[64];
  snprintf(text, sizeof(text), "inside %s", (const char *)arg);
  trace_store(text, storage);
  return 0;
}

static int inside(void *arg) {
  (void)arg;
  trace_store("inside", storage);
  return 0;
}

static void unbind(void) {
  bool bound = async_diagnostics_channel_unbind_store(&channel, storage);
  trace_print("unbind %s", bound ? "true" : "false");
}

static void finish(void *arg) {
  async_diagnostics_channel_finish(arg);
}

SCENARIO(channel_run_stores) {
  static char message[] = "message", given[] = "given", unbound[] = "unbound";
  storage = make_storage();
  MUST(async_diagnostics_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  MUST(async_diagnostics_channel_subscribe(&channel, on_message, NULL));
  MUST(async_diagnostics_channel_bind_store(&channel, storage, NULL, NULL));
  MUST(async_diagnostics_channel_run_stores(&channel, message, inside_with,
                                            given));
  trace_store("outside", storage);
  unbind();
  unbind();
  MUST(async_diagnostics_channel_run_stores(&channel, unbound, inside, NULL));
}
