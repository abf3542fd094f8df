#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage, *other;
static async_diagnostics_channel_t channel;

static void *transform(void *message, void *data) {
  char *text = scenario_alloc(32);
  (void)data;
  snprintf(text, 32, "transformed %s", (const char *)message);
  return text;
}

static int nested(void *arg) {
  (void)arg;
  trace_store("nested first", storage);
  trace_store("nested second", other);
  return 0;
}

static int inside(void *arg) {
  static char b[] = "b";
  (void)arg;
  trace_store("first", storage);
  trace_store("second", other);
  MUST(async_diagnostics_channel_run_stores(&channel, b, nested, NULL));
  trace_store("first again", storage);
  return 0;
}

static void finish(void *arg) {
  async_diagnostics_channel_finish(arg);
}

SCENARIO(channel_transform) {
  static char a[] = "a";
  storage = make_storage();
  other = make_storage();
  MUST(async_diagnostics_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  MUST(
      async_diagnostics_channel_bind_store(&channel, storage, transform, NULL));
  MUST(async_diagnostics_channel_bind_store(&channel, other, NULL, NULL));
  MUST(async_diagnostics_channel_run_stores(&channel, a, inside, NULL));
  trace_store("first outside", storage);
  trace_store("second outside", other);
}
