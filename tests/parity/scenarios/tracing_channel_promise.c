#include "asyncscope/diagnostics_channel.h"
#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_tracing_channel_t channel;
static async_trace_t fulfilled, rejected;

static void *store_of(void *message, void *data) {
  (void)message;
  return data;
}

/* "TEXT VALUE" and the store; "undefined" stands for no value. */
static void say(const char *text, const void *value) {
  char line[64];
  snprintf(line, sizeof(line), "%s %s", text,
           value == NULL ? "undefined" : (const char *)value);
  trace_store(line, storage);
}

static void on_event(void *message, const char *name, void *data) {
  (void)message, (void)name;
  trace_store(data, storage);
}

static void on_async_start(void *message, const char *name, void *data) {
  const async_trace_t *trace = message;
  (void)name, (void)data;
  say("asyncStart", trace->result);
}

static void on_error(void *message, const char *name, void *data) {
  const async_trace_t *trace = message;
  (void)name, (void)data;
  say("error", trace->reason);
}

static void *said(async_promise_t *derived, void *value, void *arg) {
  (void)derived;
  say(arg, value);
  return value;
}

static async_promise_t *handed_over(async_promise_t *promise) {
  return async_promise_retain(promise);
}

static int resolve_later(async_trace_t *trace, void *arg,
                         async_promise_t **ret_promise) {
  (void)trace, (void)arg;
  trace_store("inside", storage);
  *ret_promise = handed_over(
      promise_then(promise_resolved("value"), said, "inside, later"));
  return 0;
}

static int reject(async_trace_t *trace, void *arg,
                  async_promise_t **ret_promise) {
  (void)trace, (void)arg;
  *ret_promise = handed_over(promise_rejected("reason"));
  return 0;
}

static async_promise_t *trace_it(async_trace_t *trace,
                                 async_trace_promise_fn fn) {
  async_promise_t *promise = NULL;
  MUST(
      async_tracing_channel_trace_promise(&channel, trace, fn, NULL, &promise));
  return promise_keep(promise);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  promise_catch(trace_it(&rejected, reject), said, "catch");
}

static void listen_to(async_diagnostics_channel_t *to,
                      async_diagnostics_subscriber_cb cb, char *text) {
  MUST(async_diagnostics_channel_subscribe(to, cb, text));
}

static void bind_to(async_diagnostics_channel_t *to, char *store) {
  MUST(async_diagnostics_channel_bind_store(to, storage, store_of, store));
}

static void finish(void *arg) {
  async_tracing_channel_finish(arg);
}

SCENARIO(tracing_channel_promise) {
  static char start[] = "start", end[] = "end", async_end[] = "asyncEnd";
  static char of_start[] = "of start", of_async_start[] = "of asyncStart";
  storage = make_storage();
  MUST(async_tracing_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  bind_to(&channel.start, of_start);
  bind_to(&channel.async_start, of_async_start);
  listen_to(&channel.start, on_event, start);
  listen_to(&channel.end, on_event, end);
  listen_to(&channel.async_start, on_async_start, NULL);
  listen_to(&channel.async_end, on_event, async_end);
  listen_to(&channel.error, on_error, NULL);
  trace_start_promises();
  promise_then(trace_it(&fulfilled, resolve_later), said, "then");
  trace_store("outside", storage);
  set_immediate(on_immediate);
}
