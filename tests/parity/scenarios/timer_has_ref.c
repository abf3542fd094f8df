#include "scenario.h"

static void never(async_timeout_t *timer) {
  (void)timer;
  trace_print("never");
}

static void show(const char *text, async_timeout_t *timer) {
  bool has = async_timeout_has_ref(timer);
  trace_print("%s %s", text, has ? "true" : "false");
}

SCENARIO(timer_has_ref) {
  async_timeout_t *timer = set_timeout(never, 5000);
  show("made", timer);
  async_timeout_unref(timer);
  show("unref", timer);
  async_timeout_ref(timer);
  show("ref", timer);
  async_timeout_unref(timer);
}
