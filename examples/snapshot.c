/* snapshot(): a context kept for later.
 *
 * From Node's page on async context tracking, AsyncLocalStorage.snapshot(): its
 * function, and the class Foo whose private member it is. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <stdint.h>
#include <stdio.h>

static async_local_storage_t storage;

static int get_store(void *arg) {
  (void)arg;
  return (int)(intptr_t)async_local_storage_get_store(&storage);
}

static int take_snapshot(void *snapshot) {
  return async_local_storage_snapshot(
      (async_local_storage_snapshot_t *)snapshot);
}

static int run_in_snapshot(void *snapshot) {
  return async_local_storage_snapshot_run(snapshot, get_store, NULL);
}

/* class Foo { #runInAsyncScope = AsyncLocalStorage.snapshot(); get() { ... } }
 */
typedef struct foo_s {
  async_local_storage_snapshot_t run_in_async_scope;
} foo_t;

static int foo_init(void *foo) {
  return async_local_storage_snapshot(&((foo_t *)foo)->run_in_async_scope);
}

static int foo_get(void *foo) {
  return async_local_storage_snapshot_run(&((foo_t *)foo)->run_in_async_scope,
                                          get_store, NULL);
}

static void foo_finish(foo_t *foo) {
  async_local_storage_snapshot_finish(&foo->run_in_async_scope);
}

int main(void) {
  async_local_storage_snapshot_t snapshot;
  foo_t foo;
  async_env_open(ASYNC_ENV_OTHER, "main");
  async_local_storage_init(&storage, NULL);
  async_local_storage_run(&storage, (void *)123, take_snapshot, &snapshot);
  printf("%d\n", async_local_storage_run(&storage, (void *)321, run_in_snapshot,
                                         &snapshot));
  async_local_storage_run(&storage, (void *)123, foo_init, &foo);
  printf("%d\n", async_local_storage_run(&storage, (void *)321, foo_get, &foo));
  foo_finish(&foo);
  async_local_storage_snapshot_finish(&snapshot);
  async_local_storage_finish(&storage);
  return async_env_detach();
}
