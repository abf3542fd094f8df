#include "http_get.h"
#include <string.h>

#define BODY_BYTES (256 * 1024)
#define CLIENTS    10

/* One request at the server. */
typedef struct upload_s {
  size_t bytes; /* counted through the store */
  http_response_t *response;
  async_bound_t on_data, on_end;
} upload_t;

static async_local_storage_t *storage;
static int port;
static int mixed;

static int count(void *size) {
  upload_t *upload = async_local_storage_get_store(storage);
  upload->bytes += *(size_t *)size;
  return 0;
}

static void on_data(void *arg, const char *bytes, size_t size) {
  upload_t *upload = arg;
  (void)bytes;
  async_bound_call(&upload->on_data, &size);
}

static int answer(void *arg) {
  upload_t *upload = arg;
  mixed += upload->bytes != BODY_BYTES;
  http_answer(upload->response, "");
  return 0;
}

static void on_end(void *arg) {
  upload_t *upload = arg;
  async_bound_call(&upload->on_end, upload);
  async_bound_finish(&upload->on_data);
  async_bound_finish(&upload->on_end);
}

static int in_run(void *arg) {
  upload_t *upload = arg;
  MUST(async_bind(count, NULL, &upload->on_data));
  MUST(async_bind(answer, NULL, &upload->on_end));
  return 0;
}

static void on_request(http_request_t *request, http_response_t *response) {
  upload_t *upload = scenario_alloc(sizeof(*upload));
  upload->response = response;
  MUST(async_local_storage_run(storage, upload, in_run, upload));
  http_request_read_body(request, on_data, on_end, upload);
}

static void on_response_end(void *data, http_client_request_t *request) {
  static int left = CLIENTS;
  (void)data, (void)request;
  if (--left == 0) {
    trace_print("mixed %d", mixed);
    http_stop();
  }
}

static void on_listening(void *arg) {
  static char body[BODY_BYTES];
  http_agent_t *agent = make_no_agent();
  (void)arg;
  memset(body, 'x', sizeof(body));
  for (int i = 0; i < CLIENTS; i++) {
    char path[16];
    snprintf(path, sizeof(path), "/%d", i);
    http_client_options_t options = {
        .host = "127.0.0.1",
        .port = (uint16_t)port,
        .method = "POST",
        .target = path,
        .body = body,
        .body_bytes = sizeof(body),
        .callbacks = {.on_end = on_response_end},
    };
    MUST(http_client_request(agent, &options, NULL));
  }
}

SCENARIO(als_http_clients) {
  storage = make_storage();
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
