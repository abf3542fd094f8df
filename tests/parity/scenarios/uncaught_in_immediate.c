#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
}

static void fails(async_immediate_t *immediate) {
  (void)immediate;
  async_fail("from the immediate");
}

static void ticks_too(void *arg) {
  (void)arg;
  trace_where("ticks too");
}

static void goes_on(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("goes on");
  next_tick(ticks_too, NULL);
}

SCENARIO(uncaught_in_immediate) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_immediate(fails);
  set_immediate(goes_on);
}
