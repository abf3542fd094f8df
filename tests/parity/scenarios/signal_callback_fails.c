#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <signal.h>
#include <stdio.h>

static async_uv_signal_t handle;
static int calls;

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
}

static void say(void *arg) {
  char text[24];
  (void)arg;
  snprintf(text, sizeof(text), "tick %d", calls);
  trace_where(text);
}

static void on_signal(async_uv_signal_t *signal, int signum) {
  char text[24];
  snprintf(text, sizeof(text), "signal %d", ++calls);
  trace_where(text);
  next_tick(say, NULL);
  if (calls == 1) {
    raise(signum);
    async_fail("failed");
    return;
  }
  async_uv_close((async_uv_handle_t *)signal, NULL);
}

static void keep(async_timeout_t *timer) {
  if (calls == 2)
    clear_timeout(timer);
}

SCENARIO(signal_callback_fails) {
  trace_start_only(" SIGNALWRAP TickObject ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_uv_signal_init(scenario_loop(), &handle));
  MUST(async_uv_signal_start(&handle, on_signal, SIGUSR2));
  raise(SIGUSR2);
  set_interval(keep, 1);
}
