#include "http_get.h"

static async_local_storage_t *storage;
static int port;

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
  http_stop();
}

static void on_response(void *data, http_client_request_t *request) {
  (void)data, (void)request;
  trace_store("response", storage);
}

static void on_data(void *data, http_client_request_t *request,
                    const char *bytes, size_t size) {
  (void)data, (void)request, (void)bytes, (void)size;
  trace_store("data", storage);
}

static void on_end(void *data, http_client_request_t *request) {
  (void)data, (void)request;
  trace_store("end", storage);
}

static void in_run(void *agent) {
  static const http_client_callbacks_t callbacks = {
      .on_response = on_response, .on_data = on_data, .on_end = on_end};
  http_get(agent, port, &callbacks, NULL);
}

static void on_listening(void *arg) {
  (void)arg;
  run_with(storage, "asker", in_run, make_no_agent());
}

SCENARIO(als_http_client) {
  storage = make_storage();
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
