#include "scenario.h"

static async_uv_timer_t *a, *b;

/* What refresh() is to a timer that does not repeat. */
static void refresh(async_uv_timer_t *timer, uint64_t timeout_ms) {
  async_uv_timer_set_repeat(timer, timeout_ms);
  MUST(async_uv_timer_again(timer));
}

static void on_a(async_uv_timer_t *timer) {
  trace_print("a");
  clear_timeout(timer);
}

static void on_b(async_uv_timer_t *timer) {
  static int rounds;
  trace_print("b %d", ++rounds);
  refresh(a, 60);
  if (rounds < 3)
    refresh(timer, 20);
  else
    clear_timeout(timer);
}

SCENARIO(timers_refresh_each_other) {
  trace_start_only(" Timeout ");
  a = set_timeout(on_a, 60);
  b = set_timeout(on_b, 20);
}
