#include "promise.h"
#include <string.h>

static async_hook_t hook;
static async_promise_t *promise;
static int left = 3;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)trigger_async_id, (void)resource, (void)data;
  if (strcmp(type, "R") == 0)
    promise_then(promise, promise_say, "then of init");
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  if (left-- > 0)
    promise_then(promise, promise_say, "then of before");
}

static void on_finally(async_promise_t *derived, void *arg) {
  (void)derived, (void)arg;
  trace_where("of after");
}

static void on_after(async_id_t async_id, void *data) {
  async_promise_t *derived;
  (void)async_id, (void)data;
  if (left != 1)
    return;
  MUST(async_promise_finally(promise_resolved(NULL), on_finally, NULL,
                             &derived));
  promise_keep(derived);
}

static void on_resolve(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  if (left-- > 0)
    promise_then(promise, promise_say, "then of resolve");
}

static void resolve(void *arg) {
  (void)arg;
  MUST(async_promise_resolve(promise, NULL));
}

static void disable(void *arg) {
  async_hook_disable(arg);
}

SCENARIO(promise_then_in_hooks) {
  static const async_hook_callbacks_t callbacks = {.init = on_init,
                                                   .before = on_before,
                                                   .after = on_after,
                                                   .promise_resolve =
                                                       on_resolve};
  promise = promise_make();
  trace_start_promises();
  MUST(async_hook_init(&hook, &callbacks, NULL));
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  run_in(make_resource("R"), resolve, NULL);
}
