/* Continuation-local storage without a map: the state lies on the resource that
 * runs, and every resource takes over that of the one that makes it.
 *
 * From Node's page on async hooks, executionAsyncResource(). For work of your
 * own take async_local_storage.h. */
#include "http.h"
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <stdlib.h>

typedef struct answer_s {
  http_response_t *response;
  char url[16];
  async_uv_timer_t timer;
} answer_t;

static uv_loop_t loop;
static http_server_t server;
static http_agent_t agent;
static int port;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  async_resource_t *running = async_hooks_execution_async_resource();
  (void)async_id, (void)type, (void)trigger_async_id, (void)data;
  if (running != NULL)
    resource->data = running->data;
}

static void on_timer_closed(async_uv_handle_t *timer) {
  free(timer->data);
}

static void on_timer(async_uv_timer_t *timer) {
  answer_t *answer = timer->data;
  const char *state = async_hooks_execution_async_resource()->data;
  async_uv_close((async_uv_handle_t *)timer, on_timer_closed);
  http_response_send(answer->response, 200, "text/plain", state, strlen(state));
}

static void on_request(void *data, http_request_t *request,
                       http_response_t *response) {
  answer_t *answer = calloc(1, sizeof(*answer));
  http_text_t target = http_request_target(request);
  (void)data;
  if (answer == NULL || target.size_bytes >= sizeof(answer->url)) {
    free(answer);
    http_response_send(response, 503, NULL, "", 0);
    return;
  }
  memcpy(answer->url, target.at, target.size_bytes);
  async_hooks_execution_async_resource()->data = answer->url;
  answer->response = response;
  answer->timer.data = answer;
  async_uv_timer_init(&loop, &answer->timer);
  async_uv_timer_start(&answer->timer, on_timer, 10, 0);
}

static void on_data(void *data, http_client_request_t *request,
                    const char *bytes, size_t size) {
  (void)data, (void)request;
  printf("{\"state\":\"%.*s\"}\n", (int)size, bytes);
}

static void stop(void *data, http_client_request_t *request, int status) {
  (void)data, (void)request, (void)status;
  http_agent_stop(&agent, NULL);
  http_server_stop(&server, NULL);
}

static void ask_again(void *data, http_client_request_t *request, int status) {
  static const http_client_callbacks_t callbacks = {.on_data = on_data,
                                                    .on_close = stop};
  (void)data, (void)request;
  if (status != 0 || http_get(&agent, port, "/other", &callbacks) != 0)
    stop(data, request, status);
}

int main(void) {
  static const http_client_callbacks_t callbacks = {.on_data = on_data,
                                                    .on_close = ask_again};
  static const http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;
  const async_hook_callbacks_t hook_callbacks = {.init = on_init};
  async_hook_t hook;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_hook_init(&hook, &hook_callbacks, NULL);
  async_hook_enable(&hook);
  port = http_listen(&server, &loop, on_request);
  int error = port < 0 ? port : http_agent_init(&agent, &loop, &options);
  if (error == 0)
    error = http_get(&agent, port, "/some", &callbacks);
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  async_hook_disable(&hook);
  http_agent_finish(&agent);
  http_server_finish(&server);
  async_env_detach();
  return error != 0 ? EXIT_FAILURE : uv_loop_close(&loop);
}
