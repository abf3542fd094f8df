#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("uncaught %s", message);
}

static void fails(void *arg) {
  (void)arg;
  async_fail("failed");
}

static void on_tick(void *arg) {
  (void)arg;
  trace_print("tick");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

static void on_timeout(async_timeout_t *timeout) {
  (void)timeout;
  next_tick(fails, NULL);
  next_tick(on_tick, NULL);
  set_immediate(on_immediate);
}

SCENARIO(ticks_behind_a_collection) {
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_timeout(on_timeout, 1);
}
