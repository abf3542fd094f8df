#include "scenario.h"

static void on_resolve(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
}

SCENARIO(track_promises_validation) {
  async_hook_t hook;
  async_hook_callbacks_t callbacks = {.promise_resolve = on_resolve};
  async_hook_init(&hook, &callbacks, NULL);
  trace_refused("false with promiseResolve",
                async_hook_set_track_promises(&hook, false));
  trace_refused("true with promiseResolve",
                async_hook_set_track_promises(&hook, true));
}
