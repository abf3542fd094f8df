/* Callbacks of a hook made from a base and what is added to it.
 *
 * From Node's page on async hooks, createHook(): class MyAddedCallbacks extends
 * MyAsyncCallbacks. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <stdio.h>

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)trigger_async_id, (void)resource, (void)data;
  printf("init %s\n", type);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  puts("destroy");
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  puts("before");
}

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  puts("after");
}

static const async_hook_callbacks_t my_async_callbacks = {
    .init = on_init, .destroy = on_destroy};
static const async_hook_callbacks_t my_added_callbacks = {.before = on_before,
                                                          .after = on_after};

int main(void) {
  async_hook_t hook;
  async_resource_t resource;
  async_hook_callbacks_t callbacks =
      async_hook_callbacks_extend(&my_async_callbacks, &my_added_callbacks);
  async_env_open(ASYNC_ENV_OTHER, "main");
  async_hook_init(&hook, &callbacks, NULL);
  async_hook_enable(&hook);
  async_resource_init(&resource, "MyResource", NULL);
  async_resource_enter(&resource);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  return async_env_detach();
}
