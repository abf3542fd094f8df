#include "promise.h"
#include "scenario.h"
#include <inttypes.h>

static async_hook_t hook;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)type, (void)resource, (void)data;
  trace_print("init #%" PRId64 " by #%" PRId64, async_id, trigger_async_id);
}

static void on_before(async_id_t async_id, void *data) {
  (void)data;
  trace_print("before #%" PRId64, async_id);
}

static void on_after(async_id_t async_id, void *data) {
  (void)data;
  trace_print("after #%" PRId64, async_id);
}

static void on_resolve(async_id_t async_id, void *data) {
  (void)data;
  trace_print("settled #%" PRId64, async_id);
}

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("then");
  async_hook_disable(&hook);
  promise_resolved(NULL);
  return NULL;
}

SCENARIO(promise_hooks_of_the_engine) {
  async_hook_callbacks_t callbacks = {
      .init = on_init,
      .before = on_before,
      .after = on_after,
      .promise_resolve = on_resolve,
  };
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  async_promise_t *promise = promise_make();
  promise_then(promise, on_then, NULL);
  async_promise_resolve(promise, NULL);
}
