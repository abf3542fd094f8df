#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static async_timeout_t *second;

/* Node makes an immediate behind the handler, so that its loop turns. */
static void on_noop(async_immediate_t *immediate) {
  (void)immediate;
}

static void on_uncaught(const char *message, void *data) {
  char text[64];
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", message);
  trace_where(text);
  set_immediate(on_noop);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

static void fail(void *arg) {
  (void)arg;
  clear_timeout(second);
  async_fail("tick");
}

static void on_behind(void *arg) {
  (void)arg;
  trace_where("behind");
}

static void on_first(async_timeout_t *timer) {
  (void)timer;
  trace_where("first");
  next_tick(fail, NULL);
  next_tick(on_behind, NULL);
}

static void on_second(async_timeout_t *timer) {
  (void)timer;
  trace_where("second");
}

SCENARIO(timers_tick_fails_between) {
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  trace_start();
  set_immediate(on_immediate);
  set_timeout(on_first, 1);
  second = set_timeout(on_second, 1);
  be_busy(4);
}
