#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
}

static void on_access(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  trace_where("callback");
  async_fail("from the request");
}

SCENARIO(uncaught_in_request) {
  static async_uv_fs_t req;
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_uv_fs_access(scenario_loop(), &req, ".", 0, on_access));
}
