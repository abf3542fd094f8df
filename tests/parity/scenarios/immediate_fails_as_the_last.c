#include "asyncscope/async_fail.h"
#include "scenario.h"

static void say(void *text) {
  trace_print("%s", (const char *)text);
}

static void on_timeout(async_timeout_t *timeout) {
  (void)timeout;
  trace_print("timeout");
}

static void on_inside(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("started inside");
}

static void on_nothing(async_immediate_t *immediate) {
  (void)immediate;
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("uncaught %s", message);
  set_immediate(on_nothing); /* Node makes one, so that its loop turns */
}

static void on_immediate(async_immediate_t *immediate) {
  static char tick[] = "tick";
  (void)immediate;
  set_timeout(on_timeout, 1);
  set_immediate(on_inside);
  next_tick(say, tick);
  be_busy(4);
  async_fail("immediate");
}

SCENARIO(immediate_fails_as_the_last) {
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_immediate(on_immediate);
}
