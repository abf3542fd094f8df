#include "scenario.h"

static async_timeout_t *fired;

static void on_never(async_timeout_t *timer) {
  (void)timer;
  trace_print("never");
}

static void refresh(async_immediate_t *immediate) {
  (void)immediate;
  clear_timeout(fired);
  trace_print("refresh %s", async_timeout_has_ref(fired) ? "true" : "false");
  MUST(async_timeout_refresh(fired));
}

static void on_fired(async_timeout_t *timer) {
  (void)timer;
  trace_where("fired");
  set_immediate(refresh);
}

/* Cleared when it has fired, it has lost its callback only. */
static void start(async_immediate_t *immediate) {
  (void)immediate;
  fired = set_timeout(on_fired, 1);
}

SCENARIO(timeout_refreshed_after_clear) {
  trace_start_only(" Timeout ");
  async_timeout_t *never = set_timeout(on_never, 60000);
  clear_timeout(never);
  MUST(async_timeout_refresh(never));
  set_immediate(start);
}
