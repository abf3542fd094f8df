#include "scenario.h"

static trace_hook_t nested, outer;

static void on_second(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
}

static void on_first(async_uv_fs_t *req) {
  static async_uv_fs_t second;
  async_uv_fs_req_cleanup(req);
  MUST(async_uv_fs_access(scenario_loop(), &second, ".", 0, on_second));
}

static void on_outer(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)hook, (void)event, (void)async_id;
  trace_hook_enable(&nested);
}

SCENARIO(hook_enabled_in_init_sees_next) {
  static async_uv_fs_t req;
  trace_hook_make(&nested, "nested", TRACE_INIT);
  trace_hook_make(&outer, "outer", TRACE_INIT);
  outer.on = on_outer;
  trace_hook_enable(&outer);
  MUST(async_uv_fs_access(scenario_loop(), &req, ".", 0, on_first));
}
