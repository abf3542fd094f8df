#include "scenario.h"
#include <signal.h>

typedef struct watch_s {
  async_uv_signal_t signal;
  async_timeout_t *alive;
  int count;
} watch_t;

static void on_signal(async_uv_signal_t *signal, int signum) {
  watch_t *watch = signal->data;
  trace_where("signal");
  if (++watch->count == 2) {
    MUST(async_uv_signal_stop(signal));
    clear_timeout(watch->alive);
  } else {
    raise(signum);
  }
}

static void on_interval(async_timeout_t *timer) {
  (void)timer;
}

SCENARIO(signal_life) {
  watch_t *watch = scenario_alloc(sizeof(*watch));
  trace_start_only(" SIGNALWRAP ");
  watch->alive = set_interval(on_interval, 5000);
  watch->signal.data = watch;
  MUST(async_uv_signal_init(scenario_loop(), &watch->signal));
  scenario_at_end(close_at_end, &watch->signal);
  MUST(async_uv_signal_start(&watch->signal, on_signal, SIGUSR2));
  raise(SIGUSR2);
}
