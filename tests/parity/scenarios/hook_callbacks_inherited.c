#include "scenario.h"

static void base_init(async_id_t async_id, const char *type,
                      async_id_t trigger_async_id, async_resource_t *resource,
                      void *data) {
  (void)resource, (void)data;
  trace_print("base init #%lld %s #%lld", (long long)async_id, type,
              (long long)trigger_async_id);
}

static void base_destroy(async_id_t async_id, void *data) {
  (void)data;
  trace_print("base destroy #%lld", (long long)async_id);
}

static void added_before(async_id_t async_id, void *data) {
  (void)data;
  trace_print("added before #%lld", (long long)async_id);
}

static void added_after(async_id_t async_id, void *data) {
  (void)data;
  trace_print("added after #%lld", (long long)async_id);
}

static void other_init(async_id_t async_id, const char *type,
                       async_id_t trigger_async_id, async_resource_t *resource,
                       void *data) {
  trace_print("other");
  base_init(async_id, type, trigger_async_id, resource, data);
}

static const async_hook_callbacks_t my_async_callbacks = {
    .init = base_init, .destroy = base_destroy};
static const async_hook_callbacks_t my_added_callbacks = {
    .before = added_before, .after = added_after};
static const async_hook_callbacks_t my_other_callbacks = {.init = other_init};

static void callback(void *arg) {
  (void)arg;
  trace_print("callback");
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(hook_callbacks_inherited) {
  static async_hook_t hook, other;
  async_hook_callbacks_t callbacks =
      async_hook_callbacks_extend(&my_async_callbacks, &my_added_callbacks);
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  async_resource_t *first = make_resource("FIRST");
  run_in(first, callback, NULL);
  async_hook_disable(&hook);
  callbacks = async_hook_callbacks_extend(&callbacks, &my_other_callbacks);
  async_hook_init(&other, &callbacks, NULL);
  MUST(async_hook_enable(&other));
  scenario_at_end(disable, &other);
  async_resource_t *second = make_resource("SECOND");
  run_in(second, callback, NULL);
  MUST(async_resource_emit_destroy(first));
  MUST(async_resource_emit_destroy(second));
}
