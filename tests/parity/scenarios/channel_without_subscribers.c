#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"

static async_diagnostics_channel_t channel;
static char nobody[] = "nobody hears it", message[] = "message";

static void heard(void *said, const char *name, void *data) {
  (void)name, (void)data;
  trace_print("heard %s", (const char *)said);
}

static int called(void *arg) {
  (void)arg;
  trace_print("called");
  return 0;
}

static void show(const char *text, bool yes) {
  trace_print("%s %s", text, yes ? "true" : "false");
}

static void unsubscribe(void) {
  show("unsubscribe",
       async_diagnostics_channel_unsubscribe(&channel, heard, NULL));
}

static void finish(void *arg) {
  async_diagnostics_channel_finish(arg);
}

SCENARIO(channel_without_subscribers) {
  MUST(async_diagnostics_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  show("has subscribers", async_diagnostics_channel_has_subscribers(&channel));
  MUST(async_diagnostics_channel_run_stores(&channel, message, called, NULL));
  async_diagnostics_channel_publish(&channel, nobody);
  MUST(async_diagnostics_channel_subscribe(&channel, heard, NULL));
  show("has subscribers", async_diagnostics_channel_has_subscribers(&channel));
  async_diagnostics_channel_publish(&channel, message);
  unsubscribe();
  unsubscribe();
  async_diagnostics_channel_publish(&channel, nobody);
}
