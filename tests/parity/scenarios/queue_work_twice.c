#include "scenario.h"
#include <inttypes.h>

static async_local_storage_t *storage;
static async_uv_work_t request;

static void work(async_uv_work_t *req) {
  (void)req;
}

static void second(async_uv_work_t *req, int status) {
  (void)req, (void)status;
  trace_where("second");
  trace_store("second", storage);
}

static void first(async_uv_work_t *req, int status) {
  (void)status;
  trace_where("first");
  trace_store("first", storage);
  MUST(async_uv_queue_work(scenario_loop(), req, work, second));
}

static void in_run(void *arg) {
  (void)arg;
  MUST(async_uv_queue_work(scenario_loop(), &request, work, first));
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)type, (void)resource, (void)data;
  trace_print("init #%" PRId64 " by #%" PRId64, async_id, trigger_async_id);
}

SCENARIO(queue_work_twice) {
  static const async_hook_callbacks_t callbacks = {.init = on_init};
  static async_hook_t inits;
  static trace_hook_t hook;
  storage = make_storage();
  MUST(async_hook_init(&inits, &callbacks, NULL));
  MUST(async_hook_enable(&inits));
  trace_hook_make(&hook, "", TRACE_BEFORE | TRACE_AFTER | TRACE_DESTROY);
  trace_hook_enable(&hook);
  run_with(storage, "of the caller", in_run, NULL);
}
