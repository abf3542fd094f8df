#include "scenario.h"
#include <signal.h>

typedef struct watch_s {
  async_uv_signal_t signal;
  async_timeout_t *alive;
} watch_t;

static void on_second(async_uv_signal_t *signal, int signum) {
  watch_t *watch = signal->data;
  (void)signum;
  trace_where("the second");
  MUST(async_uv_signal_stop(signal));
  clear_timeout(watch->alive);
}

static void on_timeout(async_timeout_t *timer) {
  watch_t *watch = timer->resource.data;
  trace_where("made in the handler");
  MUST(async_uv_signal_stop(&watch->signal));
  MUST(async_uv_signal_start(&watch->signal, on_second, SIGUSR2));
  raise(SIGUSR2);
}

static void on_first(async_uv_signal_t *signal, int signum) {
  (void)signum;
  set_timeout(on_timeout, 1)->resource.data = signal->data;
}

static void on_interval(async_timeout_t *timer) {
  (void)timer;
}

SCENARIO(signal_installed_again) {
  static trace_hook_t hook;
  watch_t *watch = scenario_alloc(sizeof(*watch));
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  hook.only = " SIGNALWRAP Timeout ";
  trace_hook_enable(&hook);
  watch->alive = set_interval(on_interval, 5000);
  watch->signal.data = watch;
  MUST(async_uv_signal_init(scenario_loop(), &watch->signal));
  scenario_at_end(close_at_end, &watch->signal);
  MUST(async_uv_signal_start(&watch->signal, on_first, SIGUSR2));
  raise(SIGUSR2);
}
