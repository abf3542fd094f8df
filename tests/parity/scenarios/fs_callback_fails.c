#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <unistd.h>

static async_uv_fs_t request;

static void say(void *text) {
  trace_where(text);
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
  next_tick(say, (void *)(uintptr_t) "tick of the handler");
}

static void on_first(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  next_tick(say, (void *)(uintptr_t) "tick of the callback");
  async_fail("failed");
}

SCENARIO(fs_callback_fails) {
  trace_start_only(" FSREQCALLBACK TickObject ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_uv_fs_access(scenario_loop(), &request, ".", F_OK, on_first));
}
