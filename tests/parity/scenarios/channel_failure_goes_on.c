#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_diagnostics_channel_t one;

static void say(void *text) {
  trace_where(text);
}

static void on_uncaught(const char *message, void *data) {
  static char text[] = "tick of the handler";
  char line[64];
  (void)data;
  snprintf(line, sizeof(line), "uncaught %s", message);
  trace_where(line);
  next_tick(say, text);
}

static void fail(void *message, const char *name, void *data) {
  (void)name, (void)data;
  async_fail("of %s", (const char *)message);
}

static void publish(const char *message) {
  async_diagnostics_channel_publish(&one, (void *)(uintptr_t)message);
}

static void publish_second(void *arg) {
  (void)arg;
  trace_where("microtask");
  publish("second");
}

static void on_immediate(async_immediate_t *immediate) {
  static char before[] = "tick before", behind[] = "tick behind";
  (void)immediate;
  next_tick(say, before);
  publish("first");
  next_tick(say, behind);
  queue_microtask(publish_second, NULL);
}

static void on_next_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("next immediate");
}

static void finish(void *channel) {
  async_diagnostics_channel_finish(channel);
}

SCENARIO(channel_failure_goes_on) {
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_diagnostics_channel_init(&one, "one"));
  scenario_at_end(finish, &one);
  MUST(async_diagnostics_channel_subscribe(&one, fail, NULL));
  set_immediate(on_immediate);
  set_immediate(on_next_immediate);
}
