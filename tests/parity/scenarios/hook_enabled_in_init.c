#include "scenario.h"

static trace_hook_t inner, outer;

static void on_access(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
}

static void access_here(void) {
  async_uv_fs_t *req = scenario_alloc(sizeof(*req));
  MUST(async_uv_fs_access(scenario_loop(), req, ".", 0, on_access));
}

static void on_outer(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  static bool nested;
  (void)hook, (void)event, (void)async_id;
  trace_hook_enable(&inner);
  if (!nested) {
    nested = true;
    access_here();
  }
}

SCENARIO(hook_enabled_in_init) {
  trace_hook_make(&inner, "inner", TRACE_INIT);
  trace_hook_make(&outer, "outer", TRACE_INIT);
  outer.on = on_outer;
  trace_hook_enable(&outer);
  access_here();
}
