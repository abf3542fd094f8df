#include "http_get.h"
#include <stdio.h>

static async_local_storage_t *storage;
static http_agent_t *agent;

static void on_close(void *name, http_client_request_t *request, int status) {
  char text[64];
  (void)request;
  snprintf(text, sizeof(text), "%s %s", (const char *)name,
           uv_err_name(status));
  trace_store(text, storage);
  snprintf(text, sizeof(text), "%s closed", (const char *)name);
  trace_store(text, storage);
}

static void get(void *name) {
  static const http_client_callbacks_t callbacks = {.on_close = on_close};
  http_get(agent, 1, &callbacks, name);
}

SCENARIO(http_agent_refused) {
  static char first[] = "first", second[] = "second", third[] = "third";
  storage = make_storage();
  agent = make_agent(1);
  run_with(storage, first, get, first);
  run_with(storage, second, get, second);
  run_with(storage, third, get, third);
  trace_store("outside", storage);
}
