#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_tracing_channel_t channel;

static void show(const char *text, const char *message) {
  char line[64];
  snprintf(line, sizeof(line), "%s %s", text, message);
  trace_store(line, storage);
}

static void *store_of(void *message, void *data) {
  (void)message;
  return data;
}

static void on_event(void *message, const char *name, void *data) {
  (void)message, (void)name;
  trace_store(data, storage);
}

static void on_error(void *message, const char *name, void *data) {
  const async_trace_t *trace = message;
  (void)name, (void)data;
  show("error", trace->failure);
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  show("uncaught", message);
}

static void catch_failure(void) {
  char message[ASYNC_FAILURE_BYTES];
  if (async_catch(message))
    show("caught", message);
}

static int nested(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  trace_store("nested", storage);
  return 0;
}

static int inside(async_trace_t *trace, void *arg) {
  async_trace_t inner = {0};
  (void)trace, (void)arg;
  trace_store("inside", storage);
  MUST(async_tracing_channel_trace_sync(&channel, &inner, nested, NULL));
  async_fail("sync");
  return 0;
}

static int fails(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  async_fail("callback");
  return 0;
}

static int at_once(async_trace_t *trace, void *arg) {
  (void)arg;
  return async_trace_complete(trace, 0, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  MUST(async_trace_complete(immediate->resource.data, 0, NULL));
}

static int later(async_trace_t *trace, void *arg) {
  (void)arg;
  set_immediate(on_immediate)->resource.data = trace;
  return 0;
}

static void callback(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  trace_store("callback", storage);
}

static void failing_callback(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  trace_store("fails", storage);
  async_fail("in the callback");
}

static void bind_and_subscribe(void) {
  static char start[] = "start", end[] = "end";
  static char async_start[] = "asyncStart", async_end[] = "asyncEnd";
  static char of_start[] = "of start", of_async_start[] = "of asyncStart";
  MUST(async_diagnostics_channel_bind_store(&channel.start, storage, store_of,
                                            of_start));
  MUST(async_diagnostics_channel_bind_store(&channel.async_start, storage,
                                            store_of, of_async_start));
  MUST(async_diagnostics_channel_subscribe(&channel.start, on_event, start));
  MUST(async_diagnostics_channel_subscribe(&channel.end, on_event, end));
  MUST(async_diagnostics_channel_subscribe(&channel.async_start, on_event,
                                           async_start));
  MUST(async_diagnostics_channel_subscribe(&channel.async_end, on_event,
                                           async_end));
  MUST(async_diagnostics_channel_subscribe(&channel.error, on_error, NULL));
}

static void finish(void *arg) {
  async_tracing_channel_finish(arg);
}

static void trace_callback(async_trace_fn fn, async_trace_cb cb) {
  async_trace_t *trace = scenario_alloc(sizeof(*trace));
  async_tracing_channel_trace_callback(&channel, trace, fn, cb, NULL);
  catch_failure();
}

SCENARIO(tracing_channel_fails) {
  async_trace_t trace = {0};
  storage = make_storage();
  MUST(async_tracing_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  bind_and_subscribe();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  async_tracing_channel_trace_sync(&channel, &trace, inside, NULL);
  catch_failure();
  trace_callback(fails, callback);
  trace_callback(at_once, callback);
  trace_callback(later, failing_callback);
}
