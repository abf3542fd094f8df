#include "scenario.h"

static void afterwards(async_immediate_t *immediate) {
  (void)immediate;
  show_active("afterwards");
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  show_active("in its callback");
  set_immediate(afterwards);
}

static void show_timeout(void) {
  async_timeout_t *timeout = set_timeout(on_timeout, 5000);
  show_active("timeout");
  async_timeout_unref(timeout);
  show_active("unref");
  async_timeout_ref(timeout);
  show_active("ref");
  clear_timeout(timeout);
  show_active("cleared");
}

SCENARIO(active_timers) {
  show_active("nothing");
  show_timeout();
  async_timeout_t *interval = set_interval(on_timeout, 5000);
  show_active("interval");
  clear_timeout(interval);
  show_active("cleared");
  set_timeout(on_timeout, 1);
}
