/* Promises have ids while somebody watches them.
 *
 * From Node's page on async hooks, "Promise execution tracking". */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_promise.h>
#include <stdio.h>

static void *print_ids(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  printf("eid %lld tid %lld\n", (long long)async_hooks_execution_async_id(),
         (long long)async_hooks_trigger_async_id());
  return NULL;
}

/* Promise.resolve(1729).then(() => { ... }) */
static void resolve_and_print(void) {
  async_promise_t *promise;
  if (async_promise_create(&promise) != 0)
    return;
  async_promise_resolve(promise, (void *)1729);
  async_promise_then(promise, print_ids, NULL, NULL, NULL);
  async_promise_release(promise);
  async_env_flush();
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  (void)data;
}

int main(void) {
  const async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_t hook;
  async_env_open(ASYNC_ENV_OTHER, "main");
  resolve_and_print();
  async_hook_init(&hook, &callbacks, NULL);
  async_hook_enable(&hook); /* forces promises to be tracked */
  resolve_and_print();
  return async_env_detach();
}
