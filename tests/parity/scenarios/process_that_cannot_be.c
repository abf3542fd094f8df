#include "scenario.h"

static void on_exit_of(async_uv_process_t *process, int64_t exit_status,
                       int term_signal) {
  (void)process, (void)exit_status, (void)term_signal;
  trace_where("exit");
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("closed");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_where("immediate");
}

SCENARIO(process_that_cannot_be) {
  static async_uv_process_t process;
  static char file[] = "/nowhere/program";
  char *args[] = {file, NULL};
  async_uv_process_options_t options = {
      .exit_cb = on_exit_of, .file = file, .args = args};
  trace_start();
  int error = async_uv_spawn(scenario_loop(), &process, &options);
  trace_print("spawned %s", error == 0 ? "true" : "false");
  async_uv_close((async_uv_handle_t *)&process, on_close);
  set_immediate(on_immediate);
}
