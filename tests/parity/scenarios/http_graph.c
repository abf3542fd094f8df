#include "http_get.h"
#include <string.h>

static const char *types[1024];
static int port;

static const char *cause_of(async_id_t trigger_async_id) {
  return trigger_async_id == ASYNC_ID_ROOT ? "root"
                                           : types[trigger_async_id % 1024];
}

/* A tick stands for what caused it. */
static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  const char *cause = cause_of(trigger_async_id);
  (void)resource, (void)data;
  types[async_id % 1024] = strcmp(type, "TickObject") == 0 ? cause : type;
  if (strncmp(type, "HTTP", 4) == 0 || strncmp(type, "TCP", 3) == 0) {
    trace_print("%s by %s", type, cause == NULL ? "none" : cause);
  }
}

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
  http_stop();
}

static void on_listening(void *arg) {
  static const http_client_callbacks_t callbacks = {0};
  (void)arg;
  http_get(make_no_agent(), port, &callbacks, NULL);
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(http_graph) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
