/* Listeners in the context of the code that emits, or of the code that listens.
 *
 * From Node's page on async context tracking, "Integrating AsyncResource with
 * EventEmitter": one listener of a request's 'close' is bound, one is not, and
 * the connection closes in a context of its own. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_event_emitter.h>
#include <asyncscope/async_local_storage.h>
#include <stdio.h>

static async_local_storage_t storage;
static async_event_emitter_t req;
static async_bound_t bound;

static void print(const char *listener) {
  const char *store = async_local_storage_get_store(&storage);
  printf("%s: %s\n", listener, store == NULL ? "undefined" : store);
}

/* Execution context is bound to the current outer scope. */
static int on_close_bound(void *arg) {
  (void)arg;
  print("bound");
  return 0;
}

/* Execution context is bound to the scope that caused 'close' to emit. */
static void on_close(void *arg, void *data) {
  (void)arg, (void)data;
  print("not bound");
}

static int handle_request(void *arg) {
  (void)arg;
  int error = async_bind(on_close_bound, NULL, &bound);
  if (error == 0)
    error = async_event_emitter_on(&req, "close", async_bound_listener, &bound);
  if (error == 0)
    error = async_event_emitter_on(&req, "close", on_close, NULL);
  return error;
}

static int close_connection(void *arg) {
  (void)arg;
  return async_event_emitter_emit(&req, "close", NULL) < 0;
}

int main(void) {
  async_env_open(ASYNC_ENV_OTHER, "main");
  async_local_storage_init(&storage, NULL);
  int error = async_event_emitter_init(&req);
  if (error == 0)
    error = async_local_storage_run(&storage, (void *)"the request's",
                                    handle_request, NULL);
  if (error == 0)
    error = async_local_storage_run(&storage, (void *)"the connection's",
                                    close_connection, NULL);
  async_event_emitter_finish(&req);
  async_bound_finish(&bound);
  async_local_storage_finish(&storage);
  async_env_detach();
  return error != 0;
}
