#include "scenario.h"

static async_hook_t hook;
static async_timeout_t *first, *second, *third;
static int left = 2;

static void on_timeout(async_timeout_t *timeout) {
  trace_where(timeout == first    ? "first"
              : timeout == second ? "second"
                                  : "third");
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  clear_timeout(second);
}

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  if (--left >= 0)
    MUST(async_timeout_refresh(first));
  else
    clear_timeout(third);
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

SCENARIO(timeouts_changed_in_hooks) {
  static const async_hook_callbacks_t callbacks = {.before = on_before,
                                                   .after = on_after};
  trace_start_only(" Timeout ");
  first = set_timeout(on_timeout, 1);
  second = set_timeout(on_timeout, 1);
  third = set_timeout(on_timeout, 1);
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  be_busy(4);
}
