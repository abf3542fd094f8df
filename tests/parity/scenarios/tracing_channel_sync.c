#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_tracing_channel_t channel;

static void *of_start(void *message, void *data) {
  static char store[] = "of start";
  (void)message, (void)data;
  return store;
}

static void on_event(void *message, const char *name, void *data) {
  (void)message, (void)name;
  trace_store(data, storage);
}

static int inside(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  trace_store("inside", storage);
  return 0;
}

static void finish(void *arg) {
  async_tracing_channel_finish(arg);
}

SCENARIO(tracing_channel_sync) {
  static char start[] = "start", end[] = "end";
  async_trace_t trace = {0};
  storage = make_storage();
  MUST(async_tracing_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  MUST(async_diagnostics_channel_bind_store(&channel.start, storage, of_start,
                                            NULL));
  MUST(async_diagnostics_channel_subscribe(&channel.start, on_event, start));
  MUST(async_diagnostics_channel_subscribe(&channel.end, on_event, end));
  MUST(async_tracing_channel_trace_sync(&channel, &trace, inside, NULL));
  trace_store("outside", storage);
}
