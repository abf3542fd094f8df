#include "scenario.h"

static void on_access(async_uv_fs_t *req) {
  trace_where(uv_err_name((int)req->result));
  async_uv_fs_req_cleanup(req);
}

SCENARIO(fs_error) {
  static async_uv_fs_t req;
  trace_start();
  MUST(async_uv_fs_access(scenario_loop(), &req, "not there", 0, on_access));
}
