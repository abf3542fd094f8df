#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "scenario.h"
#include <stdio.h>

static async_diagnostics_channel_t one;

static void on_uncaught(const char *message, void *data) {
  char line[64];
  (void)data;
  snprintf(line, sizeof(line), "uncaught %s", message);
  trace_where(line);
}

static void fail(void *message, const char *name, void *data) {
  (void)message, (void)name, (void)data;
  async_fail("failed");
}

static void on_immediate(async_immediate_t *immediate) {
  static char message[] = "message";
  (void)immediate;
  trace_start_only(" TickObject ");
  async_diagnostics_channel_publish(&one, message);
}

static void finish(void *channel) {
  async_diagnostics_channel_finish(channel);
}

SCENARIO(channel_failure_has_one_after) {
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_diagnostics_channel_init(&one, "one"));
  scenario_at_end(finish, &one);
  MUST(async_diagnostics_channel_subscribe(&one, fail, NULL));
  set_immediate(on_immediate);
}
