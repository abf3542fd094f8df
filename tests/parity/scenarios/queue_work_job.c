#include "scenario.h"

static trace_hook_t hook;

static void work(async_uv_work_t *req) {
  (void)req;
}

static void after_work(async_uv_work_t *req, int status) {
  (void)req, (void)status;
  trace_where("callback");
}

SCENARIO(queue_work_job) {
  static async_uv_work_t req;
  trace_hook_make(&hook, "", TRACE_BEFORE | TRACE_AFTER | TRACE_DESTROY);
  trace_hook_enable(&hook);
  MUST(async_uv_queue_work(scenario_loop(), &req, work, after_work));
}
