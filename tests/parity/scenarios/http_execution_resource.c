#include "http_get.h"

static async_resource_t *resources[1024];
static int port;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)type, (void)trigger_async_id, (void)data;
  resources[async_id % 1024] = resource;
}

static void check(const char *text) {
  async_id_t async_id = async_hooks_execution_async_id();
  bool same =
      resources[async_id % 1024] == async_hooks_execution_async_resource();
  trace_print("%s %s", text, same ? "true" : "false");
}

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  check("request");
  http_answer(response, "hello");
  http_stop();
}

static void on_response(void *data, http_client_request_t *request) {
  (void)data, (void)request;
  check("response");
}

static void on_data(void *data, http_client_request_t *request,
                    const char *bytes, size_t size) {
  (void)data, (void)request, (void)bytes, (void)size;
  check("data");
}

static void on_end(void *data, http_client_request_t *request) {
  (void)data, (void)request;
  check("end");
}

static void on_listening(void *arg) {
  static const http_client_callbacks_t callbacks = {
      .on_response = on_response, .on_data = on_data, .on_end = on_end};
  (void)arg;
  check("listening");
  http_get(make_agent(1), port, &callbacks, NULL);
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(http_execution_resource) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
