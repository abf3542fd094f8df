#include "scenario.h"

static void afterwards(async_immediate_t *immediate) {
  (void)immediate;
  show_active("afterwards");
}

static void on_timeout(async_uv_timer_t *timer) {
  (void)timer;
  show_active("in its callback");
  set_immediate(afterwards);
}

static void show_timeout(void) {
  async_uv_timer_t *timeout = set_timeout(on_timeout, 5000);
  show_active("timeout");
  async_uv_unref((async_uv_handle_t *)timeout);
  show_active("unref");
  async_uv_ref((async_uv_handle_t *)timeout);
  show_active("ref");
  clear_timeout(timeout);
  show_active("cleared");
}

SCENARIO(active_timers) {
  show_active("nothing");
  show_timeout();
  async_uv_timer_t *interval = set_interval(on_timeout, 5000);
  show_active("interval");
  clear_timeout(interval);
  show_active("cleared");
  set_timeout(on_timeout, 1);
}
