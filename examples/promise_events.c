/* The events of new Promise((resolve) => resolve(true)).then((a) => {}).
 *
 * From Node's page on async hooks, promiseResolve(). */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_promise.h>
#include <stdio.h>

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)resource, (void)data;
  printf("init for %s with id %lld, trigger id: %lld\n", type,
         (long long)async_id, (long long)trigger_async_id);
}

static void on_before(async_id_t async_id, void *data) {
  (void)data;
  printf("before %lld\n", (long long)async_id);
}

static void on_after(async_id_t async_id, void *data) {
  (void)data;
  printf("after %lld\n", (long long)async_id);
}

static void on_resolve(async_id_t async_id, void *data) {
  (void)data;
  printf("promise resolve %lld\n", (long long)async_id);
}

static void *do_nothing(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  return NULL;
}

int main(void) {
  const async_hook_callbacks_t callbacks = {.init = on_init,
                                            .before = on_before,
                                            .after = on_after,
                                            .promise_resolve = on_resolve};
  async_hook_t hook;
  async_promise_t *promise;
  async_env_open(ASYNC_ENV_OTHER, "main");
  async_hook_init(&hook, &callbacks, NULL);
  async_hook_enable(&hook);
  int error = async_promise_create(&promise);
  if (error == 0) {
    async_promise_resolve(promise, promise);
    error = async_promise_then(promise, do_nothing, NULL, NULL, NULL);
    async_promise_release(promise);
  }
  async_env_flush();
  async_env_detach();
  return error != 0;
}
