#include "http_get.h"

static trace_hook_t hook;
static http_agent_t *agent;
static int port;

/* A request, its socket, and the socket's id while the request had it. */
typedef struct get_s {
  async_immediate_cb done;
  const http_agent_socket_t *socket;
  async_id_t async_id;
} get_t;

static get_t first, second;

static void on_request(http_request_t *request, http_response_t *response) {
  (void)request;
  http_answer(response, "hello");
}

static void on_response(void *data, http_client_request_t *request) {
  get_t *get = data;
  get->socket = http_client_request_socket(request);
  get->async_id = http_agent_socket_async_id(get->socket);
  trace_print("response on #%lld", (long long)get->async_id);
}

static void on_end(void *data, http_client_request_t *request) {
  get_t *get = data;
  (void)request;
  set_immediate(get->done);
}

static void start(get_t *get, async_immediate_cb done) {
  static const http_client_callbacks_t callbacks = {.on_response = on_response,
                                                    .on_end = on_end};
  get->done = done;
  http_get(agent, port, &callbacks, get);
}

static const char *is(bool truth) {
  return truth ? "true" : "false";
}

static void on_second(async_immediate_t *immediate) {
  (void)immediate;
  trace_hook_disable(&hook);
  trace_print("the same socket %s", is(second.socket == first.socket));
  trace_print("a new id %s", is(second.async_id > first.async_id));
  destroy_agent(agent);
  http_stop();
}

static void on_first(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("free %lld", (long long)http_agent_socket_async_id(first.socket));
  start(&second, on_second);
}

static void on_listening(void *arg) {
  (void)arg;
  start(&first, on_first);
}

SCENARIO(http_agent_reuse) {
  agent = make_agent(1);
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_DESTROY);
  hook.only = " TCPWRAP HTTPCLIENTREQUEST ";
  trace_hook_enable(&hook);
  port = http_serve(on_request);
  http_listening(on_listening, NULL);
}
