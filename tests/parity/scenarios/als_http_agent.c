#include "http_get.h"

static async_local_storage_t *storage;
static http_agent_t *agent;
static int port;

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
}

static void show(const char *event, const char *name) {
  char text[32];
  snprintf(text, sizeof(text), "%s %s", event, name);
  trace_store(text, storage);
}

static void on_response(void *name, http_client_request_t *request) {
  (void)request;
  show("response", name);
}

static void on_data(void *name, http_client_request_t *request,
                    const char *bytes, size_t size) {
  (void)request, (void)bytes, (void)size;
  show("data", name);
}

static void on_end(void *name, http_client_request_t *request) {
  static int left = 3;
  (void)request;
  show("end", name);
  if (--left == 0) {
    destroy_agent(agent);
    http_stop();
  }
}

static void in_run(void *name) {
  static const http_client_callbacks_t callbacks = {
      .on_response = on_response, .on_data = on_data, .on_end = on_end};
  http_get(agent, port, &callbacks, name);
}

static void on_listening(void *arg) {
  static char first[] = "first", second[] = "second", third[] = "third";
  (void)arg;
  run_with(storage, first, in_run, first);
  run_with(storage, second, in_run, second);
  run_with(storage, third, in_run, third);
}

SCENARIO(als_http_agent) {
  storage = make_storage();
  agent = make_agent(1);
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
