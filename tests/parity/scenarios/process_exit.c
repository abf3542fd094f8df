#include "scenario.h"
#include <stdio.h>

static void on_exit_of(async_uv_process_t *process, int64_t exit_status,
                       int term_signal) {
  char text[32];
  (void)term_signal;
  snprintf(text, sizeof(text), "exit %d", (int)exit_status);
  trace_where(text);
  async_uv_close((async_uv_handle_t *)process, NULL);
}

SCENARIO(process_exit) {
  async_uv_process_t *process = scenario_alloc(sizeof(*process));
  static char shell[] = "/bin/sh", option[] = "-c", script[] = "exit 3";
  char *args[] = {shell, option, script, NULL};
  async_uv_process_options_t options = {
      .exit_cb = on_exit_of, .file = args[0], .args = args};
  trace_start_only(" PROCESSWRAP PIPEWRAP ");
  MUST(async_uv_spawn(scenario_loop(), process, &options));
  scenario_at_end(close_at_end, process);
  trace_print("spawned");
}
