/* A run() that is awaited.
 *
 * From Node's page on async context tracking, "Usage with async/await": the
 * store is there in the callback and in what foo() goes on with, and nowhere
 * else.
 *
 *   async function fn() {
 *     await asyncLocalStorage.run(new Map(), () => {
 *       asyncLocalStorage.getStore().set('key', value);
 *       return foo();
 *     });
 *   }
 */
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_timers_promises.h>
#include <stdio.h>
#include <string.h>

typedef struct map_s {
  char key[16]; /* the value under 'key' */
} map_t;

static uv_loop_t loop;
static async_local_storage_t storage;

static void print(const char *where) {
  const map_t *map = async_local_storage_get_store(&storage);
  printf("%s: %s\n", where, map == NULL ? "undefined" : map->key);
}

static void *goes_on(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  print("in foo, later");
  return value;
}

/* Waits a millisecond, then goes on. */
static int foo(async_promise_t **ret_promise) {
  print("in foo");
  int error = async_uv_timer_promise(&loop, 1, NULL, ret_promise);
  if (error == 0)
    error = async_promise_chain(ret_promise, goes_on, NULL, NULL);
  return error;
}

static int in_run(void *arg) {
  map_t *map = async_local_storage_get_store(&storage);
  strncpy(map->key, "value", sizeof(map->key) - 1);
  return foo(arg);
}

static void *after_await(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  print("in fn, after await");
  return NULL;
}

static int fn(map_t *map) {
  async_promise_t *awaited = NULL;
  int error = async_local_storage_run(&storage, map, in_run, &awaited);
  print("in fn, before the wait is over");
  if (error == 0)
    error = async_promise_then(awaited, after_await, NULL, NULL, NULL);
  async_promise_release(awaited);
  return error;
}

int main(void) {
  map_t map = {""};
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_local_storage_init(&storage, NULL);
  int error = fn(&map);
  uv_run(&loop, UV_RUN_DEFAULT);
  async_local_storage_finish(&storage);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
