#include "scenario.h"

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

static void on_access(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  trace_where("callback");
  next_tick(on_tick, NULL);
}

SCENARIO(fs_access) {
  static async_uv_fs_t req;
  trace_start();
  MUST(async_uv_fs_access(scenario_loop(), &req, ".", 0, on_access));
}
