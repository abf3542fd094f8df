/* run() and exit() with a callback that fails.
 *
 * From Node's page on async context tracking: the failure comes out of both,
 * and the context of before is back. async_fail() is C's throw, async_catch()
 * its catch. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_fail.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_uv.h>
#include <stdio.h>

static uv_loop_t loop;
static async_local_storage_t storage;
static async_uv_timer_t timer;
static char store[] = "{ id: 2 }";

static void print(const char *where) {
  const char *current = async_local_storage_get_store(&storage);
  printf("%s: %s\n", where, current == NULL ? "undefined" : current);
}

static void on_timer(async_uv_timer_t *due) {
  print("in the timer");
  async_uv_close((async_uv_handle_t *)due, NULL);
}

static int fails_in_run(void *arg) {
  (void)arg;
  print("in run");
  async_uv_timer_start(&timer, on_timer, 20, 0);
  async_fail("thrown in run");
  return 0;
}

static int fails_in_exit(void *arg) {
  (void)arg;
  print("in exit");
  async_fail("thrown in exit");
  return 0;
}

static void catch_it(const char *where) {
  char message[ASYNC_FAILURE_BYTES];
  if (async_catch(message))
    printf("caught: %s\n", message);
  print(where);
}

static int within_a_run(void *arg) {
  (void)arg;
  print("within a run");
  async_local_storage_exit(&storage, fails_in_exit, NULL);
  catch_it("after exit");
  return 0;
}

/* Outside of every scope nobody could catch a failure. */
static int top(void *arg) {
  (void)arg;
  async_local_storage_run(&storage, store, fails_in_run, NULL);
  catch_it("after run");
  return async_local_storage_run(&storage, store, within_a_run, NULL);
}

int main(void) {
  async_resource_t scope;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_local_storage_init(&storage, NULL);
  async_uv_timer_init(&loop, &timer);
  int error = async_resource_init(&scope, "Program", NULL);
  if (error == 0)
    error = async_resource_run_in_async_scope(&scope, top, NULL);
  async_resource_finish(&scope);
  uv_run(&loop, UV_RUN_DEFAULT);
  async_local_storage_finish(&storage);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
