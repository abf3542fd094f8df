#include "http_get.h"

static async_local_storage_t storage;
static int port;

static void on_release(void *store) {
  (void)store;
  trace_print("released");
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_print("end");
}

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
  http_stop();
  set_timeout(on_timeout, 100);
}

static int in_run(void *agent) {
  static const http_client_callbacks_t callbacks = {0};
  http_get(agent, port, &callbacks, NULL);
  return 0;
}

static void on_listening(void *arg) {
  static int store;
  (void)arg;
  MUST(async_local_storage_run(&storage, &store, in_run, make_no_agent()));
}

static void finish_storage(void *arg) {
  async_local_storage_finish(arg);
}

SCENARIO(als_http_parser_freed) {
  async_local_storage_options_t options = {.release = on_release};
  MUST(async_local_storage_init(&storage, &options));
  scenario_at_end(finish_storage, &storage);
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
