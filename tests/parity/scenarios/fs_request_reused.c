#include "scenario.h"

static async_id_t last;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)type, (void)trigger_async_id, (void)data;
  bool new_one = async_id != last && async_resource_async_id(resource) != last;
  trace_print("new resource %s", new_one ? "true" : "false");
  last = async_id;
}

static void on_second(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  trace_where("second");
}

static void on_first(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  MUST(async_uv_fs_access(scenario_loop(), req, ".", 0, on_second));
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(fs_request_reused) {
  static async_hook_t hook;
  static async_uv_fs_t req;
  async_hook_callbacks_t callbacks = {.init = on_init};
  trace_start();
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  MUST(async_uv_fs_access(scenario_loop(), &req, ".", 0, on_first));
}
