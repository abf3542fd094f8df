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

static void make_pipes(async_uv_stdio_container_t containers[3]) {
  for (int i = 0; i < 3; i++) {
    async_uv_pipe_t *pipe = scenario_alloc(sizeof(*pipe));
    MUST(async_uv_pipe_init(scenario_loop(), pipe, 0));
    scenario_at_end(close_at_end, pipe);
    containers[i].flags =
        UV_CREATE_PIPE | (i == 0 ? UV_READABLE_PIPE : UV_WRITABLE_PIPE);
    containers[i].data.stream = (async_uv_stream_t *)pipe;
  }
}

SCENARIO(process_with_pipes) {
  static trace_hook_t hook;
  async_uv_process_t *process = scenario_alloc(sizeof(*process));
  async_uv_stdio_container_t containers[3];
  static char shell[] = "/bin/sh", option[] = "-c", script[] = "exit 0";
  char *args[] = {shell, option, script, NULL};
  async_uv_process_options_t options = {.exit_cb = on_exit_of,
                                        .file = args[0],
                                        .args = args,
                                        .stdio_count = 3,
                                        .stdio = containers};
  make_pipes(containers);
  trace_hook_make(&hook, "", TRACE_INIT);
  hook.only = " PROCESSWRAP PIPEWRAP ";
  trace_hook_enable(&hook);
  MUST(async_uv_spawn(scenario_loop(), process, &options));
  scenario_at_end(close_at_end, process);
  trace_print("spawned");
}
