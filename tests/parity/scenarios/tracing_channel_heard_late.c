#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_tracing_channel_t channel;

static void say(void *message, const char *name, void *text) {
  (void)message, (void)name;
  trace_print("%s", (const char *)text);
}

static void subscribe(async_diagnostics_channel_t *to, const char *event,
                      const char *text) {
  char *line = scenario_alloc(64);
  snprintf(line, 64, "%s, heard since %s", event, text);
  MUST(async_diagnostics_channel_subscribe(to, say, line));
}

static int call(async_trace_t *trace, void *text) {
  static char result[] = "result";
  trace_print("call %s", (const char *)text);
  subscribe(&channel.end, "end", text);
  return async_trace_complete(trace, 0, result);
}

static void callback(async_trace_t *trace, void *text) {
  (void)trace;
  trace_print("callback %s", (const char *)text);
  subscribe(&channel.async_end, "asyncEnd", text);
}

static void trace_it(const char *text) {
  async_trace_t trace = {0};
  MUST(async_tracing_channel_trace_callback(&channel, &trace, call, callback,
                                            (void *)(uintptr_t)text));
}

static void finish(void *arg) {
  async_tracing_channel_finish(arg);
}

SCENARIO(tracing_channel_heard_late) {
  static char never[] = "never";
  MUST(async_tracing_channel_init(&channel, "test"));
  scenario_at_end(finish, &channel);
  MUST(async_diagnostics_channel_subscribe(&channel.error, say, never));
  trace_it("first");
  trace_it("second");
}
