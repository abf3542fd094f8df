/* enterWith(): a store for the code that follows.
 *
 * From Node's page on async context tracking: the rest of the running code,
 * what that starts, and the listeners called after the one that entered. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_event_emitter.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_queue.h>
#include <stdio.h>

static async_local_storage_t storage;
static char store[] = "{ id: 1 }";

static void print(const char *where) {
  const char *current = async_local_storage_get_store(&storage);
  printf("%s: %s\n", where, current == NULL ? "undefined" : current);
}

static void some_async_operation(void *arg) {
  (void)arg;
  print("in what was started");
}

static void enters(void *arg, void *data) {
  (void)arg, (void)data;
  async_local_storage_enter_with(&storage, store);
}

static void looks(void *arg, void *data) {
  (void)arg, (void)data;
  print("in the next listener");
}

static int emit(void *emitter) {
  async_event_emitter_on(emitter, "my-event", enters, NULL);
  async_event_emitter_on(emitter, "my-event", looks, NULL);
  print("before the event");
  async_event_emitter_emit(emitter, "my-event", NULL);
  print("after the event");
  return 0;
}

static int enter(void *arg) {
  (void)arg;
  async_local_storage_enter_with(&storage, store);
  print("at once");
  return async_next_tick(some_async_operation, NULL);
}

/* Each in a callback of its own, so that one does not see the other's store. */
static void in_scope(const char *type, async_scope_cb fn, void *arg) {
  async_resource_t resource;
  if (async_resource_init(&resource, type, NULL) == 0)
    async_resource_run_in_async_scope(&resource, fn, arg);
  async_resource_finish(&resource);
}

int main(void) {
  async_event_emitter_t emitter;
  async_env_open(ASYNC_ENV_OTHER, "main");
  async_local_storage_init(&storage, NULL);
  async_event_emitter_init(&emitter);
  in_scope("First", enter, NULL);
  in_scope("Second", emit, &emitter);
  async_env_flush();
  async_event_emitter_finish(&emitter);
  async_local_storage_finish(&storage);
  return async_env_detach();
}
