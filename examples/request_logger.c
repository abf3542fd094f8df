/* A logger that knows which request it logs for.
 *
 * From Node's page on async context tracking, class AsyncLocalStorage. */
#include "http.h"
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_queue.h>
#include <stdlib.h>

typedef struct call_s {
  int id;
  http_response_t *response;
  async_immediate_t immediate;
} call_t;

static uv_loop_t loop;
static http_server_t server;
static http_agent_t agent;
static async_local_storage_t storage;
static call_t calls[2];
static int id_seq;

static void log_with_id(const char *message) {
  const call_t *call = async_local_storage_get_store(&storage);
  if (call == NULL)
    printf("-: %s\n", message);
  else
    printf("%d: %s\n", call->id, message);
}

/* Any chain of async operations; here it waits for the other request. */
static void on_immediate(async_immediate_t *immediate) {
  call_t *call = immediate->resource.data;
  if (id_seq < 2) {
    async_immediate_start(immediate, on_immediate);
    return;
  }
  log_with_id("finish");
  http_response_send(call->response, 200, NULL, "", 0);
}

static int serve(void *arg) {
  call_t *call = arg;
  log_with_id("start");
  call->immediate.resource.data = call;
  return async_immediate_start(&call->immediate, on_immediate);
}

static void on_request(void *data, http_request_t *request,
                       http_response_t *response) {
  call_t *call = &calls[id_seq];
  (void)data, (void)request;
  *call = (call_t){.id = id_seq++, .response = response};
  async_local_storage_run(&storage, call, serve, call);
}

static void on_close(void *data, http_client_request_t *request, int status) {
  static int closed;
  (void)data, (void)request, (void)status;
  if (++closed < 2)
    return;
  http_agent_stop(&agent, NULL);
  http_server_stop(&server, NULL);
}

int main(void) {
  static const http_client_callbacks_t callbacks = {.on_close = on_close};
  static const http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_local_storage_init(&storage, NULL);
  int port = http_listen(&server, &loop, on_request);
  int error = port < 0 ? port : http_agent_init(&agent, &loop, &options);
  for (int i = 0; i < 2 && error == 0; i++)
    error = http_get(&agent, port, "/", &callbacks);
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  http_agent_finish(&agent);
  http_server_finish(&server);
  async_local_storage_finish(&storage);
  async_env_detach();
  return error != 0 ? EXIT_FAILURE : uv_loop_close(&loop);
}
