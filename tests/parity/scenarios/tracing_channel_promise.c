#include "asyncscope/diagnostics_channel.h"
#include "promise.h"
#include "scenario.h"

/* Around what makes the promise, as Node's tracePromise() is. */
static async_local_storage_t *storage;
static async_tracing_channel_t channel;
static async_promise_t *function;

static void *store_of(void *message, void *data) {
  (void)message;
  return data;
}

static void *after_await(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_store("after await", storage);
  async_promise_resolve(arg, NULL);
  return NULL;
}

static int inside(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  trace_store("inside", storage);
  function = promise_make();
  promise_await(function, "0", after_await);
  return 0;
}

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_store("then", storage);
  return NULL;
}

static void finish(void *arg) {
  async_tracing_channel_finish(arg);
}

SCENARIO(tracing_channel_promise) {
  static char of_start[] = "of start", of_async_start[] = "of asyncStart";
  async_trace_t trace = {0};
  storage = make_storage();
  MUST(async_tracing_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  MUST(async_diagnostics_channel_bind_store(&channel.start, storage, store_of,
                                            of_start));
  MUST(async_diagnostics_channel_bind_store(&channel.async_start, storage,
                                            store_of, of_async_start));
  MUST(async_tracing_channel_trace_sync(&channel, &trace, inside, NULL));
  promise_then(function, on_then, NULL);
  trace_store("outside", storage);
}
