#include "scenario.h"

static void never(async_uv_timer_t *timer) {
  (void)timer;
  trace_print("never");
}

static void show(const char *text, async_uv_timer_t *timer) {
  int has = async_uv_has_ref((async_uv_handle_t *)timer);
  trace_print("%s %s", text, has ? "true" : "false");
}

SCENARIO(timer_has_ref) {
  async_uv_timer_t *timer = set_timeout(never, 5000);
  show("made", timer);
  async_uv_unref((async_uv_handle_t *)timer);
  show("unref", timer);
  async_uv_ref((async_uv_handle_t *)timer);
  show("ref", timer);
  async_uv_unref((async_uv_handle_t *)timer);
}
