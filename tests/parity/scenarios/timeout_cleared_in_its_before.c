#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_hook_t hook;
static async_timeout_t *timer, *interval;

static void on_uncaught(const char *message, void *data) {
  (void)message, (void)data;
  trace_where("uncaught");
}

static void on_timeout(async_timeout_t *timeout) {
  trace_where(timeout == timer ? "called" : "interval");
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  clear_timeout(timer);
  clear_timeout(interval);
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

SCENARIO(timeout_cleared_in_its_before) {
  static const async_hook_callbacks_t callbacks = {.before = on_before};
  trace_start_only(" Timeout ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  timer = set_timeout(on_timeout, 1);
  interval = set_interval(on_timeout, 1);
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
}
