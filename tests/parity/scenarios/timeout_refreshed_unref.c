#include "scenario.h"

static async_local_storage_t *storage;
static async_timeout_t *keep, *timeout;

static void on_never(async_timeout_t *timer) {
  (void)timer;
  trace_print("never");
}

static void show(const char *text) {
  trace_print("%s %s", text, async_timeout_has_ref(timeout) ? "true" : "false");
}

static void refresh(void *arg) {
  (void)arg;
  MUST(async_timeout_refresh(timeout));
  show("refreshed");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  run_with(storage, "refreshed", refresh, NULL);
}

static void on_fired(async_timeout_t *timer) {
  static int calls;
  (void)timer;
  trace_where("fired");
  trace_store("fired", storage);
  if (++calls == 2)
    clear_timeout(keep);
  else
    set_immediate(on_immediate);
}

static void start(void *arg) {
  (void)arg;
  timeout = set_timeout(on_fired, 1);
}

SCENARIO(timeout_refreshed_unref) {
  trace_start_only(" Timeout ");
  storage = make_storage();
  keep = set_timeout(on_never, 60000);
  run_with(storage, "started", start, NULL);
  async_timeout_unref(timeout);
  show("unref");
}
