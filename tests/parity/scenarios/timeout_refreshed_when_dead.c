#include "scenario.h"

static async_uv_timer_t *timeout;

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("refresh");
  async_uv_timer_set_repeat(timeout, 20);
  MUST(async_uv_timer_again(timeout));
}

static void fired(async_uv_timer_t *timer) {
  static int count;
  trace_where("fired");
  if (++count == 2) {
    clear_timeout(timer);
  } else {
    set_immediate(on_immediate);
  }
}

SCENARIO(timeout_refreshed_when_dead) {
  trace_start();
  timeout = set_timeout(fired, 20);
}
