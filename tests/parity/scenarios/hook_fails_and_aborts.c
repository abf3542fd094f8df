#include "asyncscope/async_fail.h"
#include "scenario.h"

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  (void)data;
  async_fail("test_callback_abort");
}

SCENARIO(hook_fails_and_aborts) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_set_abort_on_uncaught_exception(true));
  MUST(async_hook_enable(&hook));
  make_resource("R");
}
