#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_tracing_channel_t channel;

static void *store_of(void *message, void *data) {
  (void)message;
  return data;
}

static void on_event(void *message, const char *name, void *data) {
  (void)message, (void)name;
  trace_store(data, storage);
}

static void on_immediate(async_immediate_t *immediate) {
  MUST(async_trace_complete(immediate->resource.data, 0, NULL));
}

static int inside(async_trace_t *trace, void *arg) {
  (void)arg;
  trace_store("inside", storage);
  set_immediate(on_immediate)->resource.data = trace;
  return 0;
}

static void callback(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  trace_store("callback", storage);
}

static void listen_to(async_diagnostics_channel_t *to, char *name,
                      char *store) {
  MUST(async_diagnostics_channel_subscribe(to, on_event, name));
  if (store != NULL) {
    MUST(async_diagnostics_channel_bind_store(to, storage, store_of, store));
  }
}

static void finish(void *arg) {
  async_tracing_channel_finish(arg);
}

SCENARIO(tracing_channel_callback) {
  static char start[] = "start", end[] = "end";
  static char async_start[] = "asyncStart", async_end[] = "asyncEnd";
  static char of_start[] = "of start", of_async_start[] = "of asyncStart";
  static async_trace_t trace;
  storage = make_storage();
  MUST(async_tracing_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  listen_to(&channel.start, start, of_start);
  listen_to(&channel.end, end, NULL);
  listen_to(&channel.async_start, async_start, of_async_start);
  listen_to(&channel.async_end, async_end, NULL);
  MUST(async_tracing_channel_trace_callback(&channel, &trace, inside, callback,
                                            NULL));
  trace_store("outside", storage);
}
