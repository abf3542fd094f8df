#include "asyncscope/async_fail.h"
#include "http_get.h"

static int port;

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_print("%s", message);
}

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
  http_stop();
}

static void on_response(void *data, http_client_request_t *request) {
  (void)data, (void)request;
  async_fail("in the response");
}

static void on_listening(void *arg) {
  static const http_client_callbacks_t callbacks = {.on_response = on_response};
  (void)arg;
  http_get(make_no_agent(), port, &callbacks, NULL);
}

static void disable(void *hook) {
  async_hook_disable(hook);
}

SCENARIO(http_response_fails) {
  static async_hook_t hook;
  async_hook_callbacks_t callbacks = {.after = on_after};
  async_hook_init(&hook, &callbacks, NULL);
  MUST(async_hook_enable(&hook));
  scenario_at_end(disable, &hook);
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
