#include "scenario.h"
#include <inttypes.h>

static async_resource_t *resources[64];

static void check(const char *text, async_id_t async_id) {
  bool same =
      resources[async_id % 64] == async_hooks_execution_async_resource();
  trace_print("%s #%" PRId64 " same %s", text, async_id,
              same ? "true" : "false");
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)type, (void)trigger_async_id, (void)data;
  resources[async_id % 64] = resource;
}

static void on_before(async_id_t async_id, void *data) {
  (void)data;
  check("before", async_id);
}

static void on_after(async_id_t async_id, void *data) {
  (void)data;
  check("after", async_id);
}

static void in_scope(void *arg) {
  (void)arg;
  check("scope", async_hooks_execution_async_id());
}

static void on_access(async_uv_fs_t *req) {
  check("callback", async_hooks_execution_async_id());
  async_uv_fs_req_cleanup(req);
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(execution_resource_is_inits) {
  static async_hook_t hook;
  static async_uv_fs_t req;
  async_hook_callbacks_t callbacks = {
      .init = on_init, .before = on_before, .after = on_after};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  run_in(make_resource("R"), in_scope, NULL);
  MUST(async_uv_fs_access(scenario_loop(), &req, ".", 0, on_access));
}
