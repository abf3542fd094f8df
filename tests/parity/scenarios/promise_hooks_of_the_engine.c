#include "asyncscope/async_fail.h"
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
  return NULL;
}

static void *throws(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  async_fail("thrown");
  return NULL;
}

static void *on_caught(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("caught");
  return NULL;
}

static void *on_last(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_print("last");
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
  async_promise_t *first = promise_then(promise, on_then, NULL);
  async_promise_t *second = promise_then(first, throws, NULL);
  async_promise_t *third = promise_catch(second, on_caught, NULL);
  async_promise_t *adopts = promise_make();
  MUST(async_promise_resolve_with(adopts, third));
  promise_then(adopts, on_last, NULL);
  async_promise_resolve(promise, NULL);
}
